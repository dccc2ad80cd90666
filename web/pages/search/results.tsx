import { createMemo, Match, Show, Switch } from "solid-js";
import type { SearchAnswer } from "../../api.ts";
import { Failed, Skeleton } from "../../components/loaded.tsx";
import { texts } from "../../i18n/index.ts";
import { hasMore, type useAnswers } from "./answers.ts";
import { Chips } from "./chips.tsx";
import { type FacetProps, SearchFacets } from "./facets.tsx";
import { SearchHelp } from "./help.tsx";
import { type HitContext, Hits, More } from "./hits.tsx";
import { RecentSearches } from "./recent.tsx";

const text = texts({
  de: {
    none: "Nichts gefunden.",
    noUser: (name: string) => `Kein Nutzer „${name}“.`,
    noBoard: (name: string) => `Kein Forum „${name}“.`,
    unknownFilter: (filter: string) => `„${filter}“ gibt es nicht, oder es passt nicht zu dieser Suche.`,
  },
  en: {
    none: "Nothing found.",
    noUser: (name) => `No user “${name}”.`,
    noBoard: (name) => `No board “${name}”.`,
    unknownFilter: (filter) => `“${filter}” is unknown or does not apply here.`,
  },
});

/** Kinds of parts of a query that are found in the text of a post. */
const wordKinds = new Set(["word", "prefix", "exact", "phrase"]);

/** Shows the hits of the latest answer with their facets, or help, an error or a skeleton if there is none. */
export function Results(
  props: Omit<FacetProps, "facets"> & {
    answers: ReturnType<typeof useAnswers>;
    typed: string;
    threadAddress: (tid: number) => string;
    focusBox: () => void;
    walk: (event: KeyboardEvent, step: 1 | -1) => void;
  },
) {
  const { current, answered, failure, isBusy, search } = props.answers;
  const context = createMemo<HitContext>(() => ({
    words: current()?.understood?.parts.some(({ kind }) => wordKinds.has(kind)) ? (answered()?.content ?? "") : "",
    threadAddress: (tid) => props.threadAddress(tid),
    focusBox: () => props.focusBox(),
  }));
  return (
    <Switch fallback={<Start isEmpty={props.typed.trim() === ""} focusBox={() => props.focusBox()} />}>
      <Match when={current()}>
        {(answer) => (
          <div class="search-found" classList={{ stale: isBusy() }}>
            <SearchFacets facets={answer().facets} chosen={props.chosen} set={(next) => props.set(next)} />
            <div class="search-hits">
              <Chips
                facets={answer().facets}
                chosen={props.chosen}
                set={(next) => props.set(next)}
                focusBox={() => props.focusBox()}
              />
              <Show when={answer().results.length > 0} fallback={<p class="card message">{nothingFound(answer())}</p>}>
                <Hits results={answer().results} context={context()} walk={(event, step) => props.walk(event, step)} />
              </Show>
              <Show when={hasMore(answer()) && props.answers.incomplete() === undefined}>
                <Show
                  when={failure()}
                  fallback={<More after={answer()} load={() => !isBusy() && void search(answer())} />}
                >
                  <Failed error={failure()} retry={() => void search(answer())} />
                </Show>
              </Show>
            </div>
          </div>
        )}
      </Match>
      <Match when={failure()}>
        <Chips
          facets={undefined}
          chosen={props.chosen}
          set={(next) => props.set(next)}
          focusBox={() => props.focusBox()}
        />
        <Failed error={failure()} retry={() => void search()} />
      </Match>
      <Match when={isBusy()}>
        <Skeleton height="20rem" />
      </Match>
    </Switch>
  );
}

/** What is shown while there is no query, or its only filter is still being typed. */
const Start = (props: { isEmpty: boolean; focusBox: () => void }) => (
  <>
    <Show when={props.isEmpty}>
      <RecentSearches focusBox={() => props.focusBox()} />
    </Show>
    <SearchHelp />
  </>
);

/** The message for an answer without hits, which names an unknown filter as it was typed. */
function nothingFound({ unknown_filter: filter }: SearchAnswer): string {
  if (!filter) return text().none;
  const value = filter.slice(filter.indexOf(":") + 1);
  if (filter.startsWith("user:")) return text().noUser(value);
  return filter.startsWith("board:") ? text().noBoard(value) : text().unknownFilter(filter);
}
