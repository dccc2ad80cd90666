import type { Cell } from "@potstats/csv/write";
import { createMemo } from "solid-js";
import { below } from "../../base.ts";
import type { Content } from "../../charts/content.ts";
import { Lines } from "../../charts/lines.tsx";
import { unfinishedYear } from "../../charts/unfinished.ts";
import { ChartCard } from "../../components/chart-card.tsx";
import type { Column } from "../../components/table.tsx";
import { plural } from "../../i18n/formats.ts";
import { number, t, texts } from "../../i18n/index.ts";
import type { Per, Place, Shown } from "./answers.ts";
import { periodName } from "./slots.tsx";
import { smoothed } from "./smoothing.ts";

const text = texts({
  de: {
    titles: {
      share: { month: "Treffer je 10.000 Posts, nach Monat", year: "Treffer je 10.000 Posts, nach Jahr" },
      count: { month: "Treffer nach Monat", year: "Treffer nach Jahr" },
    },
    mean: {
      month: (count: number) => `Mittel aus ${count} Monaten`,
      year: (count: number) => `Mittel aus ${count} Jahren`,
    },
    share: (value: number) => `${number(value)} je 10.000`,
    hits: (count: number) => `${number(count)} Treffer`,
    noPosts: "keine Posts",
    open: (word: string, period: string) => `„${word}“: ${period} durchsuchen`,
    per10000: (word: string) => `${word}, je 10.000`,
    period: { month: "Monat", year: "Jahr" },
  },
  en: {
    titles: {
      share: { month: "Hits per 10,000 posts, by month", year: "Hits per 10,000 posts, by year" },
      count: { month: "Hits by month", year: "Hits by year" },
    },
    mean: { month: (count) => `mean of ${count} months`, year: (count) => `mean of ${count} years` },
    share: (value) => `${number(value)} per 10,000`,
    hits: (count) => `${number(count)} ${plural(count, "hit", "hits")}`,
    noPosts: "no posts",
    open: (word, period) => `“${word}”: search ${period}`,
    per10000: (word) => `${word}, per 10,000`,
    period: { month: "Month", year: "Year" },
  },
});

export type Measured = "share" | "count";

/** A period, and for each word its hits and their share of 10,000 posts (NaN without posts). */
interface Row {
  period: string;
  post_count: number;
  counts: number[];
  shares: number[];
}

function rowsOf({ answers }: Shown): Row[] {
  const byPeriod = answers.map(({ periods }) => new Map(periods.map((row) => [row.period, row])));
  return (answers[0]?.periods ?? []).map(({ period, post_count }) => ({
    period,
    post_count,
    counts: byPeriod.map((rows) => rows.get(period)?.counts[0] ?? 0),
    shares: byPeriod.map((rows) => rows.get(period)?.per_10000[0] ?? NaN),
  }));
}

/** The period after one, which the search excludes: "2012-06" after "2012-05". */
function nextPeriod(period: string): string {
  const [year = 0, month = 0] = period.split("-").map(Number);
  const name = (of: number) => String(of).padStart(4, "0");
  if (month === 0) return name(year + 1);
  return month === 12 ? `${name(year + 1)}-01` : `${name(year)}-${String(month + 1).padStart(2, "0")}`;
}

/** On the axis: "5/2012". */
const shortName = (period: string) =>
  period.length === 4 ? period : `${Number(period.slice(5))}/${period.slice(0, 4)}`;

/** A line for each word, by month or year. A click opens the search for the word in the period. */
export function TrendChart(props: { shown: Shown; measured: Measured; neighbors: number; place: Place }) {
  const per = (): Per => props.shown.per;
  const words = () => props.shown.words.map((word) => word.trim());
  const rows = createMemo(() => rowsOf(props.shown));
  const valueOf = (row: Row, at: number) => (props.measured === "share" ? row.shares[at] : row.counts[at]) ?? NaN;
  /** For each word its smoothed values, by period. */
  const series = createMemo(() =>
    words().map((_, at) =>
      smoothed(
        rows().map((row) => valueOf(row, at)),
        props.neighbors,
      ),
    ),
  );
  const smoothing = () => (props.neighbors === 0 ? "" : text().mean[per()](2 * props.neighbors + 1));
  /** Several lines have their names below; a single one has it here. */
  const subject = () => (words().length === 1 ? `${words()[0]}: ` : "");
  const title = () => subject() + [text().titles[props.measured][per()], smoothing()].filter(Boolean).join(", ");
  const searchOf = (period: string, at: number) => {
    const query = { q: words()[at] ?? "", after: period, before: nextPeriod(period) };
    return below(`/search?${new URLSearchParams({ ...query, ...props.place })}`);
  };
  const lastPeriod = () => unfinishedYear()?.until.slice(0, per() === "year" ? 4 : 7);
  const content = createMemo<Content>(() => ({
    label: words().length === 1 ? title() : `${words().join(", ")}: ${title()}`,
    marks: rows().map(({ period }, row) => ({
      name: shortName(period),
      fullName: periodName(period),
      values: series().map((values) => values[row] ?? NaN),
      href: (at: number) => searchOf(period, at),
      isUnfinished: period === lastPeriod(),
    })),
    series: words(),
    valueText: (value) => {
      if (Number.isNaN(value)) return text().noPosts;
      return props.measured === "share" ? text().share(value) : text().hits(value);
    },
    actionText: (at, line) => text().open(words()[line] ?? "", periodName(rows()[at]?.period ?? "")),
  }));
  return (
    <ChartCard
      title={title()}
      subject={words().length === 1 ? undefined : words().join(", ")}
      everyYear
      name="trends"
      explained={["trends"]}
      years={[...new Set(rows().map(({ period }) => Number(period.slice(0, 4))))]}
      chart={<Lines content={content()} />}
      rows={rows()}
      columns={columnsOf(per(), words(), searchOf)}
      csv={() => fileOf(words(), rows())}
    />
  );
}

/** Each word's hits, with links to them, and their share. */
const columnsOf = (
  per: Per,
  words: readonly string[],
  searchOf: (period: string, at: number) => string,
): Column<Row>[] => [
  {
    name: text().period[per],
    isHeader: true,
    isShort: true,
    value: ({ period }) => period,
    cell: ({ period }) => periodName(period),
  },
  {
    name: t().columns.posts,
    isNumber: true,
    value: ({ post_count }) => post_count,
    cell: ({ post_count }) => number(post_count),
  },
  ...words.flatMap((word, at) => [
    {
      name: word,
      isNumber: true,
      value: (row: Row) => row.counts[at] ?? 0,
      cell: (row: Row) => <a href={searchOf(row.period, at)}>{number(row.counts[at] ?? 0)}</a>,
    },
    {
      name: text().per10000(word),
      isNumber: true,
      value: (row: Row) => row.shares[at] || 0,
      cell: (row: Row) => (row.post_count === 0 ? "–" : number(row.shares[at] ?? 0)),
    },
  ]),
];

/** The same as a file. */
const fileOf = (words: readonly string[], rows: readonly Row[]): Cell[][] => [
  ["period", "post_count", ...words.flatMap((word) => [word, `${word} per_10000`])],
  ...rows.map((row) => [
    row.period,
    row.post_count,
    ...words.flatMap((_, at) => [row.counts[at] ?? 0, row.post_count === 0 ? "" : (row.shares[at] ?? "")]),
  ]),
];
