import { createResource } from "solid-js";
import { answer, api } from "../api.ts";
import { Bars } from "../charts/bars.tsx";
import { ChartCard } from "../components/chart-card.tsx";
import { Empty, Loaded } from "../components/loaded.tsx";
import { Page, StatisticChoice } from "../components/page.tsx";
import { useChoice, useFilters } from "../filters.ts";
import { number, t } from "../i18n/index.ts";
import { timeStatistics as statistics } from "../statistics.ts";

/** The forum year by year. */
export default function YearOverYearStatsPage() {
  const filters = useFilters();
  const [statistic, choose] = useChoice("statistic", statistics, "post_count");
  const [years, { refetch }] = createResource(filters.query, (query) =>
    answer(api["year-over-year-stats"].$get({ query })),
  );
  type Row = NonNullable<ReturnType<typeof years>>["rows"][number];
  return (
    <Page
      title={t().years.title}
      lead={t().years.lead}
      tools={<StatisticChoice choices={statistics} chosen={statistic()} choose={choose} />}
    >
      <Loaded resource={years} refetch={refetch} height="30rem">
        {(data) => (
          <Empty when={data().rows.length === 0}>
            <ChartCard
              title={t().statistics[statistic()]}
              about={t().years.title}
              name="years"
              chart={
                <Bars
                  label={`${t().years.title}: ${t().statistics[statistic()]}`}
                  values={data().rows.map((row) => ({ name: String(row.year), value: row[statistic()] }))}
                />
              }
              rows={data().rows}
              columns={[
                { name: t().columns.year, isHeader: true, cell: (row) => row.year },
                ...statistics.map((column) => ({
                  name: t().statistics[column],
                  isNumber: true,
                  cell: (row: Row) => number(row[column]),
                })),
              ]}
              csv={() => [
                ["year", ...statistics],
                ...data().rows.map((row) => [row.year, ...statistics.map((column) => row[column])]),
              ]}
              open
            />
          </Empty>
        )}
      </Loaded>
    </Page>
  );
}
