import { createResource, Show } from "solid-js";
import { answer, api } from "../api.ts";
import { Bars } from "../charts/bars.tsx";
import { ChartCard } from "../components/chart-card.tsx";
import { HoursCard } from "../components/hours-card.tsx";
import { Empty, Loaded } from "../components/loaded.tsx";
import { Page, StatisticChoice } from "../components/page.tsx";
import { useChoice, useFilters } from "../filters.ts";
import { number, t } from "../i18n/index.ts";
import { timeStatistics as statistics } from "../statistics.ts";

/** Which days and hours of the week are busy. */
export default function WeekdayStatsPage() {
  const filters = useFilters();
  const [statistic, choose] = useChoice("statistic", statistics, "post_count");
  const [weekdays, { refetch }] = createResource(filters.query, (query) =>
    answer(api["weekday-stats"].$get({ query })),
  );
  const [hours, { refetch: refetchHours }] = createResource(filters.query, (query) =>
    answer(api["hourly-stats"].$get({ query })),
  );
  const name = (weekday: string) => t().weekdays[Number(weekday) - 1] ?? weekday;
  type Row = NonNullable<ReturnType<typeof weekdays>>["rows"][number];
  return (
    <Page
      title={t().weekdaysPage.title}
      lead={t().weekdaysPage.lead}
      tools={<StatisticChoice choices={statistics} chosen={statistic()} choose={choose} />}
    >
      <Loaded resource={weekdays} refetch={refetch} height="24.5rem">
        {(data) => (
          <Empty when={data().rows.length === 0}>
            <ChartCard
              title={t().statistics[statistic()]}
              about={t().weekdaysPage.title}
              name="weekdays"
              chart={
                <Bars
                  label={`${t().weekdaysPage.title}: ${t().statistics[statistic()]}`}
                  values={data().rows.map((row) => ({ name: name(row.weekday).slice(0, 2), value: row[statistic()] }))}
                />
              }
              rows={data().rows}
              columns={[
                { name: t().columns.weekday, isHeader: true, cell: (row) => name(row.weekday) },
                ...statistics.map((column) => ({
                  name: t().statistics[column],
                  isNumber: true,
                  cell: (row: Row) => number(row[column]),
                })),
              ]}
              csv={() => [
                ["weekday", ...statistics],
                ...data().rows.map((row) => [row.weekday, ...statistics.map((column) => row[column])]),
              ]}
            />
          </Empty>
        )}
      </Loaded>
      <Loaded resource={hours} refetch={refetchHours} height="16rem">
        {(data) => (
          <Show when={data().rows.length > 0}>
            <HoursCard title={t().weekdaysPage.hours} about={t().weekdaysPage.title} name="hours" rows={data().rows} />
          </Show>
        )}
      </Loaded>
    </Page>
  );
}
