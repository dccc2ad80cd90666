import { createEffect, createSignal, For, on, onCleanup, onMount, Show } from "solid-js";
import { below } from "../../base.ts";
import { t, texts } from "../../i18n/index.ts";
import type { useAnswers } from "./answers.ts";
import { type RecentSearch, recentSearches } from "./recent-searches.ts";

const text = texts({
  de: {
    title: "Zuletzt gesucht",
    erase: (content: string) => `„${content}“ aus der Liste löschen`,
    eraseAll: "Alle löschen",
    keep: "Suchen in diesem Browser merken",
    none: "Noch keine.",
  },
  en: {
    title: "Recent searches",
    erase: (content) => `Remove “${content}” from the list`,
    eraseAll: "Remove all",
    keep: "Remember searches in this browser",
    none: "None yet.",
  },
});

/** How long a search stays unchanged before it is kept. */
const settle_ms = 2000;

const recent = recentSearches(() => localStorage);

/** Keeps searches with hits that the reader stays with: for two seconds, or by leaving the page for a hit. */
export function useRecentSearches(answers: ReturnType<typeof useAnswers>): void {
  let last: RecentSearch | undefined;
  let waiting: RecentSearch | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const keep = () => {
    clearTimeout(timer);
    if (!waiting) return;
    const continued = last && last.type === waiting.type && waiting.content.startsWith(last.content);
    recent.add(waiting, continued ? last : undefined);
    [last, waiting] = [waiting, undefined];
  };
  createEffect(
    on(
      [answers.current, answers.answered, answers.isBusy, answers.incomplete],
      ([found, query, isBusy, incomplete]) => {
        clearTimeout(timer);
        waiting = undefined;
        if (!found?.count || !query || isBusy || incomplete) return;
        const content = query.content.trim();
        if (content === "") return;
        waiting = { content, type: query.type };
        timer = setTimeout(keep, settle_ms);
      },
    ),
  );
  onMount(() => window.addEventListener("pagehide", keep));
  onCleanup(() => {
    window.removeEventListener("pagehide", keep);
    keep();
  });
}

const address = ({ content, type }: RecentSearch) =>
  below(`/search?${new URLSearchParams({ q: content, ...(type === "thread" ? { type } : {}) })}`);

/** The recent searches, which can be erased one by one or all together, and whether searches are kept. */
export function RecentSearches(props: { focusBox: () => void }) {
  const [stored, setStored] = createSignal(recent.read());
  const refresh = () => setStored(recent.read());
  let list: HTMLUListElement | undefined;
  let keepBox: HTMLInputElement | undefined;
  onMount(() => window.addEventListener("storage", refresh));
  onCleanup(() => window.removeEventListener("storage", refresh));
  const erase = (search: RecentSearch, at: number) => {
    recent.erase(search);
    refresh();
    const buttons = [...(list?.querySelectorAll("button") ?? [])];
    (buttons[at] ?? buttons.at(-1) ?? keepBox)?.focus();
  };
  const eraseAll = () => {
    recent.eraseAll();
    refresh();
    keepBox?.focus();
  };
  const setOff = (isOff: boolean) => {
    recent.setOff(isOff);
    refresh();
  };
  return (
    <section class="card recent">
      <header>
        <h2>{text().title}</h2>
        <Show when={stored().searches.length > 0}>
          <button type="button" class="button quiet" onClick={eraseAll}>
            {text().eraseAll}
          </button>
        </Show>
      </header>
      <Show
        when={stored().searches.length > 0}
        fallback={
          <Show when={!stored().isOff}>
            <p class="aliases">{text().none}</p>
          </Show>
        }
      >
        <ul ref={(element) => (list = element)}>
          <For each={stored().searches}>
            {(search, at) => (
              <li>
                <a href={address(search)} onClick={() => props.focusBox()}>
                  {search.content}
                </a>
                <Show when={search.type === "thread"}>
                  <span class="aliases">{t().columns.threads}</span>
                </Show>
                <button
                  type="button"
                  class="button quiet"
                  aria-label={text().erase(search.content)}
                  title={text().erase(search.content)}
                  onClick={() => erase(search, at())}
                >
                  <span aria-hidden="true">×</span>
                </button>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <label class="aliases">
        <input
          ref={(element) => (keepBox = element)}
          type="checkbox"
          name="keep-searches"
          checked={!stored().isOff}
          onChange={(event) => setOff(!event.currentTarget.checked)}
        />{" "}
        {text().keep}
      </label>
    </section>
  );
}
