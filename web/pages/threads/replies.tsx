import { createMemo, createResource, Show } from "solid-js";
import { answer, api, type ThreadReplies } from "../../api.ts";
import { Bars } from "../../charts/bars.tsx";
import type { Content } from "../../charts/content.ts";
import { durationScale } from "../../charts/duration-scale.ts";
import { Lines } from "../../charts/lines.tsx";
import { unfinishedYear } from "../../charts/unfinished.ts";
import { ChartCard } from "../../components/chart-card.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Choice } from "../../components/page.tsx";
import { useChoice, useFilters } from "../../filters.ts";
import { duration, number, percent, texts, wholeDuration } from "../../i18n/index.ts";
import { useYearLink } from "../../year-link.ts";

const text = texts({
  de: {
    choice: "Was das Diagramm zeigt",
    choices: { first_reply: "Erste Antwort", lifetime: "Lebensdauer", unanswered: "Ohne Antwort" },
    titles: {
      first_reply: "Zeit bis zur ersten Antwort, nach Eröffnungsjahr",
      lifetime: "Lebensdauer der Threads, nach Eröffnungsjahr",
      unanswered: "Threads ohne Antwort, nach Eröffnungsjahr",
    },
    half: "Die Hälfte höchstens",
    most: "Neun von zehn höchstens",
    share: "Anteil ohne Antwort",
    logarithmic: "Die Skala ist logarithmisch: Jede Linie steht für ein Vielfaches der Linie darunter.",
    columns: {
      year: "Eröffnet",
      threads: "Threads",
      unanswered: "Ohne Antwort",
      first_reply_p50_s: "Antwort: Hälfte",
      first_reply_p90_s: "Antwort: 9 von 10",
      lifetime_p50_s: "Leben: Hälfte",
      lifetime_p90_s: "Leben: 9 von 10",
    },
    only: (year: number) => `Nur ${year} zeigen`,
    allYears: "Alle Jahre zeigen",
    none: "keine Angabe",
  },
  en: {
    choice: "What the chart shows",
    choices: { first_reply: "First reply", lifetime: "Lifetime", unanswered: "Unanswered" },
    titles: {
      first_reply: "Time until the first reply, by year of the first post",
      lifetime: "Lifetime of threads, by year of the first post",
      unanswered: "Unanswered threads, by year of the first post",
    },
    half: "Half of them, at most",
    most: "Nine in ten, at most",
    share: "Share without a reply",
    logarithmic: "The scale is logarithmic: each line stands for a multiple of the line below.",
    columns: {
      year: "Started",
      threads: "Threads",
      unanswered: "Unanswered",
      first_reply_p50_s: "Reply: half",
      first_reply_p90_s: "Reply: 9 in 10",
      lifetime_p50_s: "Life: half",
      lifetime_p90_s: "Life: 9 in 10",
    },
    only: (year) => `Show ${year} only`,
    allYears: "Show all years",
    none: "no value",
  },
});

type Row = ThreadReplies["rows"][number];
type Statistic = keyof ReturnType<typeof text>["choices"];

const statistics = ["first_reply", "lifetime", "unanswered"] as const satisfies readonly Statistic[];
const durations = ["first_reply_p50_s", "first_reply_p90_s", "lifetime_p50_s", "lifetime_p90_s"] as const;

/** The values of a year in the chart; NaN if no thread of the year has one. */
function valuesOf(row: Row, statistic: Statistic): number[] {
  if (statistic === "unanswered") return [(100 * row.unanswered) / Math.max(1, row.threads)];
  return [row[`${statistic}_p50_s`] ?? NaN, row[`${statistic}_p90_s`] ?? NaN];
}

/** How soon threads are answered, how long they live, and how many remain unanswered, by the year of their first post. */
export function Replies() {
  const filters = useFilters();
  const [replies, { refetch }] = createResource(
    () => filters.only("bid"),
    (query) => answer(api["thread-replies"].$get({ query })),
  );
  return (
    <div class="replies">
      <Loaded resource={replies} refetch={refetch} height="100%">
        {(data) => (
          <Show when={data().rows.length > 0}>
            <RepliesCard rows={data().rows} />
          </Show>
        )}
      </Loaded>
    </div>
  );
}

function RepliesCard(props: { rows: Row[] }) {
  const filters = useFilters();
  const yearLink = useYearLink();
  const [statistic, choose] = useChoice("chart", statistics, "first_reply");
  const isDuration = () => statistic() !== "unanswered";
  const isChosen = (year: number) => filters.year() === String(year);
  const valueText = (value: number) => {
    if (Number.isNaN(value)) return text().none;
    return isDuration() ? duration(value) : percent(value / 100);
  };
  const content = createMemo<Content>(() => ({
    label: text().titles[statistic()],
    marks: props.rows.map((row) => ({
      name: String(row.year),
      values: valuesOf(row, statistic()),
      href: () => yearLink(String(row.year)),
      isChosen: isChosen(row.year),
      isUnfinished: row.year === unfinishedYear()?.year,
    })),
    series: isDuration() ? [text().half, text().most] : [text().share],
    valueText,
    actionText: (at) => {
      const year = props.rows[at]?.year ?? 0;
      return isChosen(year) ? text().allYears : text().only(year);
    },
    scaleOf: isDuration() ? durationScale : undefined,
    tickText: isDuration() ? wholeDuration : (value) => percent(value / 100),
  }));
  return (
    <ChartCard
      title={text().titles[statistic()]}
      everyYear
      ignores={["year"]}
      name="thread-replies"
      explained={[statistic()]}
      years={props.rows.map(({ year }) => year)}
      chart={
        <>
          <Choice
            label={text().choice}
            choices={statistics}
            chosen={statistic()}
            choose={choose}
            name={(choice) => text().choices[choice]}
          />
          <Show when={isDuration()} fallback={<Bars content={content()} />}>
            <Lines content={content()} />
            <p class="hint">{text().logarithmic}</p>
          </Show>
        </>
      }
      rows={props.rows}
      columns={columnsOf()}
      csv={() => [
        ["year", "threads", "unanswered", ...durations],
        ...props.rows.map((row) => [
          row.year,
          row.threads,
          row.unanswered,
          ...durations.map((name) => row[name] ?? ""),
        ]),
      ]}
    />
  );
}

/** The columns of the table, whatever the chart shows. */
const columnsOf = () => [
  {
    name: text().columns.year,
    isHeader: true,
    isShort: true,
    value: (row: Row) => row.year,
    cell: (row: Row) => String(row.year),
  },
  {
    name: text().columns.threads,
    isNumber: true,
    value: (row: Row) => row.threads,
    cell: (row: Row) => number(row.threads),
  },
  {
    name: text().columns.unanswered,
    isNumber: true,
    value: (row: Row) => row.unanswered / row.threads,
    cell: (row: Row) => `${number(row.unanswered)} (${percent(row.unanswered / row.threads)})`,
  },
  ...durations.map((name) => ({
    name: text().columns[name],
    isNumber: true,
    value: (row: Row) => row[name] ?? -1,
    cell: (row: Row) => (row[name] === null ? "–" : duration(row[name])),
  })),
];
