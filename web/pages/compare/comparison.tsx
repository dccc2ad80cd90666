import { createMemo } from "solid-js";
import type { PosterDevelopment } from "../../api.ts";
import { below } from "../../base.ts";
import { Lines } from "../../charts/lines.tsx";
import { titleBy, withUnit } from "../../charts/units.ts";
import { unfinishedYear } from "../../charts/unfinished.ts";
import { ChartCard } from "../../components/chart-card.tsx";
import { Gaps } from "../../components/gaps.tsx";
import { StatisticChoice } from "../../components/page.tsx";
import { displayName } from "../../display-name.ts";
import { useChoice, useFilters } from "../../filters.ts";
import { number, t, texts } from "../../i18n/index.ts";
import { userStatistics, yearsOf } from "../../statistics.ts";

const text = texts({
  de: { open: (name: string, year: number) => `${name} im Jahr ${year}` },
  en: { open: (name, year) => `${name} in ${year}` },
});

/** A chart with a line for each user, and a table with a column for each. */
export function Comparison(props: { developments: PosterDevelopment[] }) {
  const filters = useFilters();
  const [statistic, choose] = useChoice("statistic", userStatistics, "post_count");
  const years = createMemo(() => yearsOf(props.developments.flatMap((user) => Object.values(user.years))));
  const names = () => props.developments.map(({ user }) => displayName(user));
  const valueOf = (at: number, year: number) => props.developments[at]?.years[String(year)]?.[statistic()] ?? 0;
  const title = () => titleBy(statistic(), "year");
  const userIn = (at: number, year: number) =>
    below(
      `/users/${props.developments[at]?.user.uid}?${new URLSearchParams({ ...filters.query(), year: String(year) })}`,
    );
  const content = createMemo(() => ({
    label: `${names().join(", ")}: ${title()}`,
    marks: years().map((year) => ({
      name: String(year),
      values: names().map((_, at) => valueOf(at, year)),
      href: (series: number) => userIn(series, year),
      isUnfinished: unfinishedYear()?.year === year,
    })),
    series: names(),
    valueText: (value: number) => withUnit(statistic(), value),
    actionText: (at: number, series: number) => text().open(names()[series] ?? "", years()[at] ?? 0),
  }));
  return (
    <>
      <StatisticChoice choices={userStatistics} chosen={statistic()} choose={choose} />
      <Gaps years={years()} />
      <ChartCard
        title={title()}
        name="compare"
        explained={[statistic()]}
        years={years()}
        chart={<Lines content={content()} />}
        rows={years()}
        columns={[
          { name: t().columns.year, isHeader: true, isShort: true, cell: (year) => year },
          ...names().map((name, at) => ({
            name,
            isNumber: true,
            cell: (year: number) => <a href={userIn(at, year)}>{number(valueOf(at, year))}</a>,
          })),
        ]}
        csv={() => [
          ["year", ...names()],
          ...years().map((year) => [year, ...names().map((_, at) => valueOf(at, year))]),
        ]}
        open
      />
    </>
  );
}
