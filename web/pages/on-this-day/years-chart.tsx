import { createMemo } from "solid-js";
import type { OnThisDay } from "../../api.ts";
import { Bars } from "../../charts/bars.tsx";
import { isDay, yearsOfDays } from "../../charts/dates.ts";
import type { Content } from "../../charts/content.ts";
import { withUnit } from "../../charts/units.ts";
import { ChartCard } from "../../components/chart-card.tsx";
import { useDayLink } from "../../day-link.ts";
import { day, dayOfYear, number, t, texts } from "../../i18n/index.ts";
import { dayOn } from "./date.ts";

const text = texts({
  de: { title: (date: string) => `Posts am ${date}`, open: (name: string) => `${name} öffnen` },
  en: { title: (date) => `Posts on ${date}`, open: (name) => `Open ${name}` },
});

type Row = Omit<OnThisDay["rows"][number], "busiest_thread" | "most_quoted">;

/** The posts of one date in each year that has it. */
export function YearsChart(props: { date: string; rows: OnThisDay["rows"] }) {
  const dayLink = useDayLink();
  const iso = (year: number) => `${String(year).padStart(4, "0")}-${props.date}`;
  const rows = createMemo((): Row[] => {
    const known = new Map<number, Row>(props.rows.map((row) => [row.year, row]));
    const years = yearsOfDays(props.rows.map(({ year }) => iso(year)).toReversed());
    return years
      .filter((year) => isDay(iso(year)))
      .map((year) => known.get(year) ?? { year, post_count: 0, active_users: 0, threads_created: 0 });
  });
  const title = () => text().title(dayOfYear(dayOn(props.date)));
  const content = createMemo<Content>(() => ({
    label: title(),
    marks: rows().map(({ year, post_count }) => ({
      name: String(year),
      fullName: day(iso(year)),
      values: [post_count],
      href: () => dayLink(iso(year)),
    })),
    series: [t().statistics.post_count],
    valueText: (value) => withUnit("post_count", value),
    actionText: (at) => text().open(day(iso(rows()[at]?.year ?? 2000))),
  }));
  return (
    <ChartCard
      title={title()}
      everyYear
      name={`on-${props.date}`}
      explained={["post_count"]}
      chart={<Bars content={content()} />}
      rows={rows()}
      columns={[
        {
          name: t().columns.year,
          isHeader: true,
          isShort: true,
          value: ({ year }) => year,
          cell: ({ year }) => <a href={dayLink(iso(year))}>{year}</a>,
        },
        {
          name: t().statistics.post_count,
          isNumber: true,
          value: ({ post_count }) => post_count,
          cell: ({ post_count }) => number(post_count),
        },
        {
          name: t().statistics.active_users,
          isNumber: true,
          value: ({ active_users }) => active_users,
          cell: ({ active_users }) => number(active_users),
        },
        {
          name: t().statistics.threads_created,
          isNumber: true,
          value: ({ threads_created }) => threads_created,
          cell: ({ threads_created }) => number(threads_created),
        },
      ]}
      csv={() => [
        ["year", "post_count", "active_users", "threads_created"],
        ...rows().map((row) => [row.year, row.post_count, row.active_users, row.threads_created]),
      ]}
    />
  );
}
