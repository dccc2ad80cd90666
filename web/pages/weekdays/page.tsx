import { createResource, Show } from "solid-js";
import { answer, api } from "../../api.ts";
import { HoursCard } from "../../components/hours-card.tsx";
import { Empty, Loaded } from "../../components/loaded.tsx";
import { Page, StatisticChoice } from "../../components/page.tsx";
import { StatisticsCard } from "../../components/statistics-card.tsx";
import { useChoice, useFilters } from "../../filters.ts";
import { shortWeekday, t, weekday } from "../../i18n/index.ts";
import { timeStatistics as statistics } from "../../statistics.ts";

/** The busiest days and hours of the week. */
export default function WeekdaysPage() {
  const filters = useFilters();
  const [statistic, choose] = useChoice("statistic", statistics, "post_count");
  const [weekdays, { refetch }] = createResource(filters.query, (query) =>
    answer(api["weekday-stats"].$get({ query })),
  );
  const [hours, { refetch: refetchHours }] = createResource(filters.query, (query) =>
    answer(api["hourly-stats"].$get({ query })),
  );
  return (
    <Page
      title={t().weekdays.title}
      lead={t().weekdays.lead}
      tools={<StatisticChoice choices={statistics} chosen={statistic()} choose={choose} />}
    >
      <Loaded resource={weekdays} refetch={refetch} height="24.5rem">
        {(data) => (
          <Empty when={data().rows.length === 0}>
            <StatisticsCard
              title={t().statistics[statistic()]}
              label={`${t().weekdays.title}: ${t().statistics[statistic()]}`}
              about={t().weekdays.title}
              name="weekdays"
              rows={data().rows}
              statistics={statistics}
              statistic={statistic()}
              keyColumn="weekday"
              keyTitle={t().columns.weekday}
              rowName={(row) => weekday(Number(row.weekday) - 1)}
              barName={(row) => shortWeekday(Number(row.weekday) - 1)}
            />
          </Empty>
        )}
      </Loaded>
      <Loaded resource={hours} refetch={refetchHours} height="16rem">
        {(data) => (
          <Show when={data().rows.length > 0}>
            <HoursCard title={t().weekdays.hours} about={t().weekdays.title} name="hours" rows={data().rows} />
          </Show>
        )}
      </Loaded>
    </Page>
  );
}
