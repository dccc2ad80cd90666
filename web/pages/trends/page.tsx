import { useSearchParams } from "@solidjs/router";
import { createMemo, createResource, For, Show } from "solid-js";
import { answer, api, ApiError } from "../../api.ts";
import { dataOf, Failed, Skeleton } from "../../components/loaded.tsx";
import { Choice, Page } from "../../components/page.tsx";
import { useChoice, useFilters } from "../../filters.ts";
import { texts } from "../../i18n/index.ts";
import { single } from "../../parameters.ts";
import { type Shown, useTrends } from "./answers.ts";
import { type Measured, TrendChart } from "./chart.tsx";
import { examplesOf } from "./examples.ts";
import { Slots } from "./slots.tsx";
import { maxWords, useWords } from "./words.ts";

const text = texts({
  de: {
    lead: "Wie oft über etwas geschrieben wurde: bis zu sechs Wörter als Linien, mit allem, was die Suche kann.",
    per: "Zeitraum",
    periods: { month: "Nach Monat", year: "Nach Jahr" },
    measured: "Was die Linien zeigen",
    measures: { share: "Anteil", count: "Anzahl" },
    smoothing: "Glättung",
    none: "keine",
    neighbors: (count: number) => `je ${count} davor und danach`,
    examples: "Aus diesem Forum:",
    shown: "Zum Einstieg ein Beispiel aus diesem Forum. Tippe eigene Wörter in das Feld.",
    hint: "Das letzte Wort findet auch alles, was damit anfängt; mit einem Plus davor (+wort) nur genau dieses.",
    postgres: "Gezählt von PostgreSQL.",
    fallback: "Gezählt von PostgreSQL, weil Meilisearch nicht antwortete.",
    unavailable: "Trends gibt es auf diesem Server nicht: Er hat keine Suche, die nach Monaten zählt.",
    empty: "Es gibt noch keine Posts, die sich durchsuchen lassen.",
  },
  en: {
    lead: "How often people wrote about something: up to six words as lines, with everything the search can do.",
    per: "Period",
    periods: { month: "By month", year: "By year" },
    measured: "What the lines show",
    measures: { share: "Share", count: "Count" },
    smoothing: "Smoothing",
    none: "none",
    neighbors: (count) => `${count} before and ${count} after`,
    examples: "From this forum:",
    shown: "An example from this forum to begin with. Type words of your own into the box.",
    hint: "The last word also finds whatever begins with it; with a plus before it (+word) only this very word.",
    postgres: "Counted by PostgreSQL.",
    fallback: "Counted by PostgreSQL because Meilisearch did not respond.",
    unavailable: "This server has no trends: it has no search that counts by month.",
    empty: "There are no posts yet that can be searched.",
  },
});

const periods = ["year", "month"] as const;
const measures = ["share", "count"] as const satisfies readonly Measured[];
/** Neighbors on each side that a value is averaged with, at most. */
const maxNeighbors = 6;
/** Words that an empty page tries, and lines of those that have hits. */
const triedExamples = 6;
const exampleLines = 3;

const usePer = () => useChoice("per", periods, "year");
const useMeasured = () => useChoice("show", measures, "share");

/** The smoothing, kept in the URL. */
function useNeighbors() {
  const [parameters, setParameters] = useSearchParams();
  const neighbors = () => {
    const typed = single(parameters["smooth"]);
    return /^[0-6]$/.test(typed) ? Number(typed) : 0;
  };
  const set = (next: number) => setParameters({ smooth: next || "" }, { replace: true, scroll: false });
  return [neighbors, set] as const;
}

/** Words that the forum offers, on the selected board. */
function useExamples() {
  const filters = useFilters();
  const [examples] = createResource(
    () => filters.only("bid"),
    async (query) => {
      const [boards, threads] = await Promise.all([
        answer(api.boards.$get({ query: {} })),
        answer(api.threads.$get({ query: { ...query, order_by: "post_count", order: "desc", limit: "30" } })),
      ]);
      return examplesOf(
        threads.rows.map(({ thread }) => thread.title),
        boards.rows,
      );
    },
  );
  return examples;
}

/** How often words were written, over the years. The state is in the URL. */
export default function TrendsPage() {
  const filters = useFilters();
  const inputs = useWords();
  const [per] = usePer();
  const [measured] = useMeasured();
  const [neighbors] = useNeighbors();
  const examples = useExamples();
  const place = () => ({ ...filters.only("bid"), ...filters.only("uid") });
  const isExample = () => inputs.words().length === 0;
  const wanted = createMemo(() => ({
    words: isExample() ? (dataOf(examples) ?? []).slice(0, triedExamples) : inputs.words(),
    per: per(),
    place: place(),
  }));
  const trends = useTrends(wanted);
  const shown = () => {
    const found = trends.shown();
    return found && isExample() ? withHits(found) : found;
  };
  const isUnavailable = () => trends.failure() instanceof ApiError && (trends.failure() as ApiError).status === 501;
  let list: HTMLElement | undefined;
  const add = (word: string) => {
    inputs.add(word);
    queueMicrotask(() => [...(list?.querySelectorAll<HTMLElement>("input") ?? [])].at(-1)?.focus());
  };
  return (
    <Page lead={text().lead}>
      <section class="card trend-form">
        <Slots inputs={inputs} trendsOf={trends.trendsOf} place={place()} ref={(element) => (list = element)} />
        <Examples
          words={(dataOf(examples) ?? []).filter(
            (word) => !inputs.words().includes(word) && trends.trendsOf(word)?.queries[0]?.count !== 0,
          )}
          isFull={inputs.words().length >= maxWords}
          add={add}
        />
        <Controls />
        <p class="hint">{isExample() ? text().shown : text().hint}</p>
      </section>
      <Show when={!isUnavailable()} fallback={<p class="card message">{text().unavailable}</p>}>
        <Show when={trends.failure()}>
          <Failed error={trends.failure()} retry={trends.retry} />
        </Show>
        <Show
          when={shown()?.answers.length ? shown() : undefined}
          fallback={
            <Show when={trends.failure() === undefined && (trends.isBusy() || examples.loading)}>
              <Skeleton height="27rem" />
            </Show>
          }
        >
          {(found) => (
            <Show
              when={(found().answers[0]?.periods.length ?? 0) > 0}
              fallback={<p class="card message">{text().empty}</p>}
            >
              <div class="trend-chart" classList={{ stale: trends.isBusy() }}>
                <TrendChart shown={found()} measured={measured()} neighbors={neighbors()} place={place()} />
                <p class="hint">{engineText(found().answers)}</p>
              </div>
            </Show>
          )}
        </Show>
      </Show>
    </Page>
  );
}

/** An example shows words that have hits. */
function withHits({ words, per, answers }: Shown): Shown {
  const found = words.map((word, at) => ({ word, trends: answers[at] }));
  const hits = found.filter(({ trends }) => (trends?.queries[0]?.count ?? 0) > 0).slice(0, exampleLines);
  return { words: hits.map(({ word }) => word), per, answers: hits.flatMap(({ trends }) => trends ?? []) };
}

/** Says so if not the search engine has counted. */
function engineText(answers: readonly { engine: string; fallback?: boolean | undefined }[]): string {
  if (answers.some(({ fallback }) => fallback)) return text().fallback;
  return answers.some(({ engine }) => engine === "postgres") ? text().postgres : "";
}

/** What the lines show. */
function Controls() {
  const [per, choosePer] = usePer();
  const [measured, choose] = useMeasured();
  const [neighbors, smooth] = useNeighbors();
  return (
    <div class="tools">
      <Choice
        label={text().per}
        choices={periods}
        chosen={per()}
        choose={choosePer}
        name={(choice) => text().periods[choice]}
      />
      <Choice
        label={text().measured}
        choices={measures}
        chosen={measured()}
        choose={choose}
        name={(choice) => text().measures[choice]}
      />
      <Smoothing neighbors={neighbors()} smooth={smooth} />
    </div>
  );
}

/** Words that the forum offers, each added by a click. */
const Examples = (props: { words: readonly string[]; isFull: boolean; add: (word: string) => void }) => (
  <div class="trend-examples">
    <span class="aliases">{text().examples}</span>
    <For each={props.words}>
      {(word) => (
        <button type="button" class="button quiet" lang="de" disabled={props.isFull} onClick={() => props.add(word)}>
          {word}
        </button>
      )}
    </For>
  </div>
);

const Smoothing = (props: { neighbors: number; smooth: (neighbors: number) => void }) => (
  <label class="trend-smoothing">
    <span>{text().smoothing}</span>
    <input
      type="range"
      min="0"
      max={maxNeighbors}
      step="1"
      value={props.neighbors}
      aria-valuetext={props.neighbors === 0 ? text().none : text().neighbors(props.neighbors)}
      onInput={(event) => props.smooth(Number(event.currentTarget.value))}
    />
    <span class="aliases">{props.neighbors === 0 ? text().none : text().neighbors(props.neighbors)}</span>
  </label>
);
