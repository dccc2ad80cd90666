import { useSearchParams } from "@solidjs/router";
import { createResource, Show } from "solid-js";
import { Calendar } from "../../charts/calendar.tsx";
import { isDay } from "../../charts/dates.ts";
import { ChartCard } from "../../components/chart-card.tsx";
import { dataOf, Empty, Loaded } from "../../components/loaded.tsx";
import { Page, StatisticChoice } from "../../components/page.tsx";
import { fetchCalendarData } from "../../calendar-data.ts";
import { useChoice, useFilters } from "../../filters.ts";
import { day, number, t, texts } from "../../i18n/index.ts";
import { single } from "../../parameters.ts";
import { summedStatistics, timeStatistics } from "../../statistics.ts";
import { DayDetails } from "./details.tsx";

const text = texts({
  de: {
    lead: "Jeder Tag eines Jahres, vom ruhigsten bis zum aktivsten.",
    hint: "Ein Klick auf einen Tag zeigt, was los war.",
  },
  en: {
    lead: "Every day of a year, from the quietest to the busiest.",
    hint: "Click a day to see what happened.",
  },
});

/** Every day of a year: the selected year, the year of the opened day, or the latest year with data. */
export default function DaysPage() {
  const filters = useFilters();
  const [parameters, setParameters] = useSearchParams();
  const statistics = (): readonly (typeof timeStatistics)[number][] =>
    filters.uid() === "" ? timeStatistics : summedStatistics;
  const [chosen, choose] = useChoice("statistic", timeStatistics, "post_count");
  const statistic = () => (statistics().includes(chosen()) ? chosen() : "post_count");
  /** The opened day: "2016-02-29". */
  const opened = () => (isDay(single(parameters["day"])) ? single(parameters["day"]) : undefined);
  const [days, { refetch }] = createResource(
    () => ({ selection: filters.query(), statistic: statistic() }),
    (source) => fetchCalendarData(source.selection, source.statistic, opened()?.slice(0, 4)),
  );
  /** Opens a day, and the calendar of its year. */
  const open = (iso: string) => {
    const year = String(Number(iso.slice(0, 4)));
    setParameters({ day: iso, ...(year === String(dataOf(days)?.year) ? {} : { year }) });
  };
  const title = () => `${t().statistics[statistic()]} ${dataOf(days)?.year ?? ""}`;
  return (
    <Page lead={text().lead} tools={<StatisticChoice choices={statistics()} chosen={statistic()} choose={choose} />}>
      <Loaded resource={days} refetch={refetch} height="18rem">
        {(data) => (
          <Empty when={data().values.size === 0}>
            <ChartCard
              title={title()}
              everyYear
              name={`days-${data().year}`}
              chart={
                <Calendar
                  label={title()}
                  year={data().year}
                  values={data().values}
                  chosen={opened() ?? ""}
                  open={open}
                />
              }
              rows={[...data().values]}
              columns={[
                {
                  name: t().columns.day,
                  isHeader: true,
                  value: ([iso]) => iso,
                  cell: ([iso]) => <DayButton iso={iso} open={open} />,
                },
                {
                  name: t().statistics[statistic()],
                  isNumber: true,
                  value: ([, value]) => value,
                  cell: ([, value]) => number(value),
                },
              ]}
              csv={() => [["day", statistic()], ...data().values]}
            />
            <Show when={opened()} fallback={<p class="aliases">{text().hint}</p>}>
              {(iso) => <DayDetails day={iso()} open={open} />}
            </Show>
          </Empty>
        )}
      </Loaded>
    </Page>
  );
}

const DayButton = (props: { iso: string; open: (iso: string) => void }) => (
  <button type="button" class="link" onClick={() => props.open(props.iso)}>
    {day(props.iso)}
  </button>
);
