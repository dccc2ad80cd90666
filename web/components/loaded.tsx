import { type JSX, Match, type Resource, Show, Switch } from "solid-js";
import { ApiError } from "../api.ts";
import { t } from "../i18n/index.ts";

/** Reports a failed request, with a button that repeats it. */
export function Failed(props: { error: unknown; retry: () => void }) {
  return (
    <div class="card message" role="alert">
      <h2>{t().error}</h2>
      <p>{props.error instanceof Error ? props.error.message : String(props.error)}</p>
      <Show when={props.error instanceof ApiError && props.error.detail}>
        {(detail) => (
          <p class="hint" lang="en">
            {detail()}
          </p>
        )}
      </Show>
      <button type="button" class="button" onClick={() => props.retry()}>
        {t().again}
      </button>
    </div>
  );
}

/** A gray box in place of content that is being loaded, of the same height, so that the page does not jump. */
export const Skeleton = (props: { height: string }) => (
  <div class="skeleton" style={{ height: props.height }} role="status" aria-label={t().loading} />
);

/** The latest data of a resource, if any. Solid throws when a failed resource is read. */
export const dataOf = <T,>(resource: Resource<T>): T | undefined =>
  resource.state === "ready" || resource.state === "refreshing" ? resource.latest : undefined;

/**
 * Shows a resource: a skeleton at first, then its data, faded while it is refreshed, or an error with a button to
 * retry.
 */
export function Loaded<T>(props: {
  resource: Resource<T>;
  refetch: () => void;
  height: string;
  /** Instead of a skeleton of that height. */
  skeleton?: JSX.Element;
  children: (data: () => NonNullable<T>) => JSX.Element;
}) {
  return (
    <Switch fallback={props.skeleton ?? <Skeleton height={props.height} />}>
      <Match when={props.resource.state === "errored"}>
        <Failed error={props.resource.error} retry={() => props.refetch()} />
      </Match>
      <Match when={dataOf(props.resource)}>
        {(data) => (
          <div classList={{ stale: props.resource.loading }} style={{ display: "contents" }}>
            {props.children(() => data() as NonNullable<T>)}
          </div>
        )}
      </Match>
    </Switch>
  );
}

/** Shows its children, or a notice that the selection is empty. */
export const Empty = (props: { when: boolean; children: JSX.Element }) => (
  <Show when={!props.when} fallback={<p class="card message">{t().empty}</p>}>
    {props.children}
  </Show>
);
