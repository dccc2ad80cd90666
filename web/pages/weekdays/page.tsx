import { createResource, Show } from "solid-js";
import { answer, api } from "../../api.ts";
import { HoursCard } from "../../components/hours-card.tsx";
import { Empty, Loaded } from "../../components/loaded.tsx";
import { Page, StatisticChoice } from "../../components/page.tsx";
import { StatisticsCard } from "../../components/statistics-card.tsx";
import { useChoice, useFilters } from "../../filters.ts";
import { shortWeekday, texts, weekday } from "../../i18n/index.ts";
import { summedStatistics, timeStatistics } from "../../statistics.ts";

const text = texts({
  de: {
    lead: "An welchen Tagen und zu welchen Stunden ist am meisten los?",
    noUsers: "Die Zahl der aktiven Nutzer gibt es nur für einzelne Jahre und für alle Jahre zusammen.",
  },
  en: {
    lead: "Which days and hours are the busiest?",
    noUsers: "Active users are counted only for single years, and for all years together.",
  },
});

/** The busiest days and hours of the week. */
export default function WeekdaysPage() {
  const filters = useFilters();
  const isRange = () => filters.years().includes("-");
  const statistics = (): readonly (typeof timeStatistics)[number][] =>
    isRange() || filters.uid() !== "" ? summedStatistics : timeStatistics;
  const [chosen, choose] = useChoice("statistic", timeStatistics, "post_count");
  const statistic = () => (statistics().includes(chosen()) ? chosen() : "post_count");
  const [weekdays, { refetch }] = createResource(filters.query, (query) =>
    answer(api["weekday-stats"].$get({ query })),
  );
  const [hours, { refetch: refetchHours }] = createResource(filters.query, (query) =>
    answer(api["hourly-stats"].$get({ query })),
  );
  return (
    <Page lead={text().lead} tools={<StatisticChoice choices={statistics()} chosen={statistic()} choose={choose} />}>
      <Show when={isRange()}>
        <p class="aliases">{text().noUsers}</p>
      </Show>
      <Loaded resource={weekdays} refetch={refetch} height="27rem">
        {(data) => (
          <Empty when={data().rows.length === 0}>
            <StatisticsCard
              name="weekdays"
              rows={data().rows.map((row) => ({ ...row, active_users: row.active_users ?? 0 }))}
              statistics={statistics()}
              statistic={statistic()}
              keyColumn="weekday"
              rowName={(row) => weekday(Number(row.weekday) - 1)}
              barName={(row) => shortWeekday(Number(row.weekday) - 1)}
            />
          </Empty>
        )}
      </Loaded>
      <Loaded resource={hours} refetch={refetchHours} height="16rem">
        {(data) => (
          <Show when={data().rows.length > 0}>
            <HoursCard name="hours" rows={data().rows} />
          </Show>
        )}
      </Loaded>
    </Page>
  );
}
