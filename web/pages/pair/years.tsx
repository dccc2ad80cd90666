import { createMemo } from "solid-js";
import type { Pair } from "../../api.ts";
import { below } from "../../base.ts";
import type { Content } from "../../charts/content.ts";
import { Mirror } from "../../charts/mirror.tsx";
import { unfinishedYear } from "../../charts/unfinished.ts";
import { ChartCard } from "../../components/chart-card.tsx";
import { Gaps } from "../../components/gaps.tsx";
import { displayName } from "../../display-name.ts";
import { plural } from "../../i18n/formats.ts";
import { number, t, texts } from "../../i18n/index.ts";

const text = texts({
  de: {
    title: "Zitate Jahr für Jahr",
    names: (one: string, other: string) => `${one} und ${other}`,
    quotes: (one: string, other: string) => `${one} zitiert ${other}`,
    count: (count: number) => `${number(count)} ${plural(count, "Zitat", "Zitate")}`,
    open: (name: string, year: number) => `${name} im Jahr ${year}`,
    scale: "Nach oben die eine, nach unten die andere Richtung, beide im selben Maßstab.",
  },
  en: {
    title: "Quotes year by year",
    names: (one, other) => `${one} and ${other}`,
    quotes: (one, other) => `${one} quotes ${other}`,
    count: (count) => `${number(count)} ${plural(count, "quote", "quotes")}`,
    open: (name, year) => `${name} in ${year}`,
    scale: "One direction upward, the other downward, both in the same scale.",
  },
});

type Row = Pair["years"][number];

/** Maximum number of years that fit a chart. */
const maxYears = 60;

/** All years from the first to the last with quotes. If a wrong date makes them too many, only those with quotes. */
function withoutGaps(rows: readonly Row[]): Row[] {
  const [first = 0, last = -1] = [rows[0]?.year, rows.at(-1)?.year];
  if (last - first >= maxYears) return [...rows];
  const byYear = new Map(rows.map((row) => [row.year, row]));
  return Array.from(
    { length: last - first + 1 },
    (_, at) => byYear.get(first + at) ?? { year: first + at, user: 0, with: 0 },
  );
}

/** The quotes each way per year, mirrored. */
export function PairYears(props: { pair: Pair }) {
  const rows = createMemo(() => withoutGaps(props.pair.years));
  const users = () => [props.pair.user.user, props.pair.with.user] as const;
  const [one, other] = [() => displayName(users()[0]), () => displayName(users()[1])];
  const series = () => [text().quotes(one(), other()), text().quotes(other(), one())];
  const content = createMemo<Content>(() => ({
    label: text().title,
    marks: rows().map((row) => ({
      name: String(row.year),
      values: [row.user, row.with],
      href: (at: number) => below(`/users/${users()[at === 1 ? 1 : 0].uid}?year=${row.year}`),
      isUnfinished: row.year === unfinishedYear()?.year,
    })),
    series: series(),
    valueText: text().count,
    actionText: (at, direction) => text().open(direction === 1 ? other() : one(), rows()[at]?.year ?? 0),
  }));
  return (
    <ChartCard
      title={text().title}
      subject={text().names(one(), other())}
      everyYear
      name={`pair-${users()[0].uid}-${users()[1].uid}`}
      explained={["pair_quotes", "pair_place"]}
      years={rows().map(({ year }) => year)}
      chart={
        <>
          <Gaps years={rows().map(({ year }) => year)} />
          <Mirror content={content()} />
          <p class="hint">{text().scale}</p>
        </>
      }
      rows={rows()}
      columns={[
        { name: t().columns.year, isHeader: true, isShort: true, value: ({ year }) => year, cell: ({ year }) => year },
        { name: series()[0] ?? "", isNumber: true, value: ({ user }) => user, cell: ({ user }) => number(user) },
        {
          name: series()[1] ?? "",
          isNumber: true,
          value: (row) => row.with,
          cell: (row) => number(row.with),
        },
      ]}
      csv={() => [["year", ...series()], ...rows().map((row) => [row.year, row.user, row.with])]}
    />
  );
}
