import { createResource } from "solid-js";
import { answer, api } from "../api.ts";
import { Calendar, daysOf } from "../charts/calendar.tsx";
import { ChartCard } from "../components/chart-card.tsx";
import { Empty, Loaded } from "../components/loaded.tsx";
import { Page, StatisticChoice } from "../components/page.tsx";
import { useChoice, useFilters } from "../filters.ts";
import { day, number, t } from "../i18n/index.ts";

const statistics = ["post_count", "active_users", "edit_count", "avg_post_length", "threads_created"] as const;

/** Every day of one year; the latest with data unless one is chosen. */
export default function DailyStatsPage() {
  const filters = useFilters();
  const [statistic, choose] = useChoice("statistic", statistics, "post_count");
  const [days, { refetch }] = createResource(
    () => ({ ...filters.query(), statistic: statistic() }),
    async ({ year, bid, statistic: chosen }) => {
      const board = bid ? { bid } : {};
      const shown = year ?? (await answer(api["year-over-year-stats"].$get({ query: board }))).rows.at(-1)?.year;
      if (shown === undefined) return { year: 0, values: new Map<string, number>() };
      const { series } = await answer(
        api["daily-stats"].$get({ query: { year: String(shown), statistic: chosen, ...board } }),
      );
      return { year: Number(shown), values: daysOf(Number(shown), series) };
    },
  );
  return (
    <Page
      title={t().days.title}
      lead={t().days.lead}
      tools={<StatisticChoice choices={statistics} chosen={statistic()} choose={choose} />}
    >
      <Loaded resource={days} refetch={refetch} height="18rem">
        {(data) => (
          <Empty when={data().values.size === 0}>
            <ChartCard
              title={`${t().statistics[statistic()]} ${data().year}`}
              name={`days-${data().year}`}
              chart={
                <Calendar
                  label={`${t().statistics[statistic()]} ${data().year}`}
                  year={data().year}
                  values={data().values}
                />
              }
              rows={[...data().values]}
              columns={[
                { name: t().columns.day, isHeader: true, cell: ([date]) => day(date) },
                { name: t().statistics[statistic()], isNumber: true, cell: ([, value]) => number(value) },
              ]}
              csv={() => [["day", statistic()], ...[...data().values].toSorted(([a], [b]) => (a < b ? -1 : 1))]}
            />
          </Empty>
        )}
      </Loaded>
    </Page>
  );
}
