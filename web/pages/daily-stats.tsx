import { useSearchParams } from "@solidjs/router";
import { createResource, Show } from "solid-js";
import { answer, api } from "../api.ts";
import { Calendar, daysOf } from "../charts/calendar.tsx";
import { ChartCard } from "../components/chart-card.tsx";
import { dataOf, Empty, Loaded } from "../components/loaded.tsx";
import { Page, StatisticChoice } from "../components/page.tsx";
import { single, useChoice, useFilters } from "../filters.ts";
import { day, number, t } from "../i18n/index.ts";
import { timeStatistics as statistics } from "../statistics.ts";
import { DayDetails } from "./day-stats.tsx";

/** Whether the calendar has such a day: not the 31st of February. */
function isDay(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : new Date(NaN);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
}

/** Every day of one year; the latest with data unless one is chosen. */
export default function DailyStatsPage() {
  const filters = useFilters();
  const [parameters, setParameters] = useSearchParams();
  /** The day that is opened: "2016-02-29". */
  const opened = () => (isDay(single(parameters["day"])) ? single(parameters["day"]) : undefined);
  /** The calendar follows into another year. */
  const open = (chosen: string) => {
    const year = String(Number(chosen.slice(0, 4)));
    setParameters({ day: chosen, ...(year === String(dataOf(days)?.year) ? {} : { year }) });
  };
  const [statistic, choose] = useChoice("statistic", statistics, "post_count");
  const [days, { refetch }] = createResource(
    () => ({ ...filters.query(), statistic: statistic() }),
    async ({ year, bid, statistic: chosen }) => {
      const board = bid ? { bid } : {};
      const shown = year ?? opened()?.slice(0, 4) ?? (await answer(api.years.$get({ query: board }))).rows.at(-1)?.year;
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
              about={t().days.title}
              everyYear
              name={`days-${data().year}`}
              chart={
                <Calendar
                  label={`${t().statistics[statistic()]} ${data().year}`}
                  year={data().year}
                  values={data().values}
                  chosen={opened() ?? ""}
                  open={open}
                />
              }
              rows={[...data().values]}
              columns={[
                { name: t().columns.day, isHeader: true, cell: ([date]) => <DayLink date={date} open={open} /> },
                { name: t().statistics[statistic()], isNumber: true, cell: ([, value]) => number(value) },
              ]}
              csv={() => [["day", statistic()], ...data().values]}
            />
            <Show when={opened()} fallback={<p class="aliases">{t().days.hint}</p>}>
              {(chosen) => <DayDetails day={chosen()} open={open} />}
            </Show>
          </Empty>
        )}
      </Loaded>
    </Page>
  );
}

const DayLink = (props: { date: string; open: (day: string) => void }) => (
  <button type="button" class="link" onClick={() => props.open(props.date)}>
    {day(props.date)}
  </button>
);
