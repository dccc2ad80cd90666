import { type JSX, Match, type Resource, Show, Switch } from "solid-js";
import { t } from "../i18n/index.ts";

/** A failed request: what went wrong, and a button that repeats it. */
export function Failed(props: { error: unknown; again: () => void }) {
  return (
    <div class="card message" role="alert">
      <h2>{t().error}</h2>
      <p>{props.error instanceof Error ? props.error.message : String(props.error)}</p>
      <button type="button" class="button" onClick={() => props.again()}>
        {t().again}
      </button>
    </div>
  );
}

/** A gray box as high as what is being loaded, so that the page does not jump. */
export const Skeleton = (props: { height: string }) => (
  <div class="skeleton" style={{ height: props.height }} role="status" aria-label={t().loading} />
);

/** The latest data of a resource, if any. Solid throws when a failed resource is read. */
export const dataOf = <T,>(resource: Resource<T>): T | undefined =>
  resource.state === "ready" || resource.state === "refreshing" ? resource.latest : undefined;

/** The data of a resource: a skeleton at first, faded while it is refreshed, an error with a way to try again. */
export function Loaded<T>(props: {
  resource: Resource<T>;
  refetch: () => void;
  height: string;
  children: (data: () => NonNullable<T>) => JSX.Element;
}) {
  return (
    <Switch fallback={<Skeleton height={props.height} />}>
      <Match when={props.resource.state === "errored"}>
        <Failed error={props.resource.error} again={() => props.refetch()} />
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

/** Its children, or a notice that the selection is empty. */
export const Empty = (props: { when: boolean; children: JSX.Element }) => (
  <Show when={!props.when} fallback={<p class="card message">{t().empty}</p>}>
    {props.children}
  </Show>
);
