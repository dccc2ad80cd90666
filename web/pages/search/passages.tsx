import { createSignal, For, Match, Show, Switch } from "solid-js";
import { answer, api } from "../../api.ts";
import { Failed, Skeleton } from "../../components/loaded.tsx";
import { texts } from "../../i18n/index.ts";

const text = texts({
  de: { more: "Alle Fundstellen", none: "In diesem Post ist nichts hervorzuheben." },
  en: { more: "All passages", none: "There is nothing to highlight in this post." },
});

/** All passages of a post that match the query, loaded when they are opened. */
export function Passages(props: { content: string; pid: number }) {
  const [isOpen, setOpen] = createSignal(false);
  const [passages, setPassages] = createSignal<string[]>();
  const [failure, setFailure] = createSignal<unknown>();
  const load = async () => {
    setFailure(undefined);
    const query = { content: props.content, pid: String(props.pid) };
    try {
      setPassages((await answer(api.search.passages.$get({ query }))).passages);
    } catch (error) {
      setFailure(error);
    }
  };
  const toggle = (isOpening: boolean) => {
    setOpen(isOpening);
    if (isOpening && !passages()) void load();
  };
  return (
    <details onToggle={(event) => toggle(event.currentTarget.open)}>
      <summary>{text().more}</summary>
      <Switch>
        <Match when={failure()}>
          <Failed error={failure()} retry={() => void load()} />
        </Match>
        <Match when={passages()}>
          {(found) => (
            <Show when={found().length > 0} fallback={<p class="aliases">{text().none}</p>}>
              {/* The server escapes everything but <strong>. */}
              <ol class="passages">
                <For each={found()}>{(passage) => <li class="snippet" innerHTML={passage} />}</For>
              </ol>
            </Show>
          )}
        </Match>
        <Match when={isOpen()}>
          <Skeleton height="3rem" />
        </Match>
      </Switch>
    </details>
  );
}
