import { Index, Show } from "solid-js";
import type { Trends } from "../../api.ts";
import { below } from "../../base.ts";
import { SeriesMarker } from "../../charts/series-marker.tsx";
import { plural } from "../../i18n/formats.ts";
import { monthOfYear, number, texts } from "../../i18n/index.ts";
import type { Place } from "./answers.ts";
import type { useWords } from "./words.ts";

const text = texts({
  de: {
    words: "Wörter",
    word: (at: number) => `Wort ${at}`,
    placeholder: "Wort oder Suche",
    more: "noch ein Wort",
    remove: (word: string) => `${word} entfernen`,
    hits: (count: number) => `${number(count)} Treffer`,
    atLeast: (hits: string) => `mindestens ${hits}`,
    from: (period: string) => `vollständig ab ${period}`,
    typos: "nur ähnliche Schreibweisen",
    unknown: (filter: string) => `„${filter}“ gibt es nicht`,
  },
  en: {
    words: "Words",
    word: (at) => `Word ${at}`,
    placeholder: "word or search",
    more: "one more word",
    remove: (word) => `Remove ${word}`,
    hits: (count) => `${number(count)} ${plural(count, "hit", "hits")}`,
    atLeast: (hits) => `at least ${hits}`,
    from: (period) => `complete from ${period}`,
    typos: "similar spellings only",
    unknown: (filter) => `“${filter}” does not exist`,
  },
});

type Answered = Trends["queries"][number];

/** "Mai 2012" or "2012" */
export const periodName = (period: string): string => (period.length === 4 ? period : monthOfYear(`${period}-01`));

/** What is not as exact as the numbers look: nothing, if they are. */
function caveatsOf({ count_is_exact, complete_from, typos, unknown_filter }: Answered): string {
  return [
    unknown_filter === undefined ? "" : text().unknown(unknown_filter),
    !count_is_exact && complete_from !== undefined ? text().from(periodName(complete_from)) : "",
    typos ? text().typos : "",
  ]
    .filter(Boolean)
    .join(", ");
}

/** An input for each word, with the color and shape of its line, and the number of its hits. */
export function Slots(props: {
  inputs: ReturnType<typeof useWords>;
  trendsOf: (word: string) => Trends | undefined;
  place: Place;
  ref: (list: HTMLElement) => void;
}) {
  let list: HTMLElement | undefined;
  const focus = (at: number) => queueMicrotask(() => list?.querySelectorAll<HTMLElement>("input")[at]?.focus());
  /** The number of the line of an input: empty ones have none. */
  const seriesOf = (at: number) =>
    props.inputs
      .typed()
      .slice(0, at)
      .filter((word) => word.trim() !== "").length;
  const searchOf = (word: string) => below(`/search?${new URLSearchParams({ q: word.trim(), ...props.place })}`);
  return (
    <ul
      class="trend-words"
      aria-label={text().words}
      ref={(element) => {
        list = element;
        props.ref(element);
      }}
    >
      <Index each={props.inputs.typed()}>
        {(word, at) => (
          <li classList={{ vacant: word().trim() === "" }}>
            <SeriesMarker series={seriesOf(at)} />
            <input
              type="search"
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
              aria-label={text().word(at + 1)}
              placeholder={at === 0 ? text().placeholder : text().more}
              value={word()}
              onInput={(event) => props.inputs.type(at, event.currentTarget.value)}
              onKeyDown={(event) => event.key === "Enter" && focus(at + 1)}
            />
            <Show when={word().trim() !== ""}>
              <button
                type="button"
                class="button quiet"
                aria-label={text().remove(word().trim())}
                onClick={() => {
                  props.inputs.remove(at);
                  focus(at);
                }}
              >
                ×
              </button>
            </Show>
            <p class="aliases">
              <Show when={word().trim() !== "" && props.trendsOf(word())?.queries[0]}>
                {(found) => (
                  <>
                    <a href={searchOf(word())}>
                      {found().count_is_exact ? text().hits(found().count) : text().atLeast(text().hits(found().count))}
                    </a>
                    <Show when={caveatsOf(found())}>{(caveats) => <>, {caveats()}</>}</Show>
                  </>
                )}
              </Show>
            </p>
          </li>
        )}
      </Index>
    </ul>
  );
}
