import { Match, Show, Switch } from "solid-js";
import type { SearchAnswer } from "../../api.ts";
import { Failed, Skeleton } from "../../components/loaded.tsx";
import { plural } from "../../i18n/formats.ts";
import { number, seconds, texts } from "../../i18n/index.ts";
import { hasMore, type useAnswers } from "./answers.ts";
import { type FacetProps, SearchFacets } from "./facets.tsx";
import { SearchHelp } from "./help.tsx";
import { Hits, More } from "./hits.tsx";

const text = texts({
  de: {
    hits: (_count: number, total: string, elapsed_s: string) => `${total} Treffer in ${elapsed_s} s`,
    moreThan: (count: string) => `mehr als ${count}`,
    none: "Nichts gefunden.",
    typos: "Genau so kommt es nicht vor. Ähnlich geschrieben:",
    noUser: (name: string) => `Kein Nutzer „${name}“.`,
    noBoard: (name: string) => `Kein Forum „${name}“.`,
    unknownFilter: (filter: string) => `„${filter}“ gibt es nicht oder passt nicht zu dieser Suche.`,
  },
  en: {
    hits: (count, total, elapsed_s) => `${total} ${plural(count, "hit", "hits")} in ${elapsed_s} s`,
    moreThan: (count) => `more than ${count}`,
    none: "Nothing found.",
    typos: "No exact matches. Similar spellings:",
    noUser: (name) => `No user “${name}”.`,
    noBoard: (name) => `No board “${name}”.`,
    unknownFilter: (filter) => `“${filter}” is unknown or does not apply here.`,
  },
});

/** The number of hits, announced to screen readers. */
export const Count = (props: { answer: SearchAnswer | undefined }) => (
  <p aria-live="polite" class="aliases" style={{ "min-height": "1.4em" }}>
    <Show when={props.answer}>
      {(answer) => {
        const count = () => number(answer().count);
        const total = () => (answer().count_is_exact ? count() : text().moreThan(count()));
        return (
          <>
            {answer().typos ? `${text().typos} ` : ""}
            {text().hits(answer().count, total(), seconds(answer().elapsed))}
          </>
        );
      }}
    </Show>
  </p>
);

/** Shows the hits of the latest answer with their facets, or help, an error or a skeleton if there is none. */
export function Results(
  props: Omit<FacetProps, "facets"> & {
    answers: ReturnType<typeof useAnswers>;
    walk: (event: KeyboardEvent, step: 1 | -1) => void;
  },
) {
  const { current, failure, isBusy, search } = props.answers;
  return (
    <Switch fallback={<SearchHelp />}>
      <Match when={current()}>
        {(answer) => (
          <div class="search-found" classList={{ stale: isBusy() }}>
            <SearchFacets
              facets={answer().facets}
              year={props.year}
              bid={props.bid}
              uid={props.uid}
              set={(next) => props.set(next)}
            />
            <Show when={answer().results.length > 0} fallback={<p class="card message">{nothingFound(answer())}</p>}>
              <Hits results={answer().results} walk={(event, step) => props.walk(event, step)} />
            </Show>
            <Show when={hasMore(answer())}>
              <Show
                when={failure()}
                fallback={<More after={answer()} load={() => !isBusy() && void search(answer())} />}
              >
                <Failed error={failure()} retry={() => void search(answer())} />
              </Show>
            </Show>
          </div>
        )}
      </Match>
      <Match when={failure()}>
        <Failed error={failure()} retry={() => void search()} />
      </Match>
      <Match when={isBusy()}>
        <Skeleton height="20rem" />
      </Match>
    </Switch>
  );
}

/** The message for an answer without hits, which names an unknown filter as it was typed. */
function nothingFound({ unknown_filter: filter }: SearchAnswer): string {
  if (!filter) return text().none;
  const value = filter.slice(filter.indexOf(":") + 1);
  if (filter.startsWith("user:")) return text().noUser(value);
  return filter.startsWith("board:") ? text().noBoard(value) : text().unknownFilter(filter);
}
