import { useSearchParams } from "@solidjs/router";
import { createEffect, createMemo, createResource, on, Show } from "solid-js";
import { Calendar } from "../../charts/calendar.tsx";
import { isDay, sameDayIn } from "../../charts/dates.ts";
import { ChartCard } from "../../components/chart-card.tsx";
import { dataOf, Empty, Failed } from "../../components/loaded.tsx";
import { Page, StatisticChoice } from "../../components/page.tsx";
import { fetchCalendarData } from "../../calendar-data.ts";
import { useDayLink } from "../../day-link.ts";
import { useChoice, useFilters } from "../../filters.ts";
import { plural } from "../../i18n/formats.ts";
import { day, number, t, texts } from "../../i18n/index.ts";
import { single } from "../../parameters.ts";
import { summedStatistics, timeStatistics } from "../../statistics.ts";
import { DayDetails } from "./details.tsx";

const text = texts({
  de: {
    lead: "Jeder Tag eines Jahres, vom ruhigsten bis zum aktivsten.",
    hint: "Wähle einen Tag, um zu sehen, was los war.",
    edits: (count: number) => plural(count, "Bearbeitung", "Bearbeitungen"),
  },
  en: {
    lead: "Every day of a year, from the quietest to the busiest.",
    hint: "Choose a day to see what happened.",
    edits: (count) => plural(count, "edit", "edits"),
  },
});

type Statistic = (typeof timeStatistics)[number];

/** A day's value with its unit: "25 Posts". */
const valueText = (statistic: Statistic, value: number) => {
  const units: Record<Statistic, string> = {
    post_count: t().units.posts(value),
    active_users: t().units.activeUsers(value),
    edit_count: text().edits(value),
    avg_post_length: t().statistics.avg_post_length,
    threads_created: t().units.newThreads(value),
  };
  return `${number(value)} ${units[statistic]}`;
};

/** The opened day, which moves along when another year is selected. */
function useOpenedDay() {
  const filters = useFilters();
  const [parameters, setParameters] = useSearchParams<{ day?: string }>();
  const requested = () => single(parameters.day);
  const opened = createMemo(() => {
    if (!isDay(requested())) return undefined;
    return filters.year() === "" ? requested() : sameDayIn(Number(filters.year()), requested());
  });
  createEffect(() => {
    if (isDay(requested()) && opened() !== requested()) setParameters({ day: opened() ?? "" }, { replace: true });
  });
  return [opened, () => setParameters({ day: "" })] as const;
}

/** Every day of a year: the selected year, the year of the opened day, or the latest year with data. */
export default function DaysPage() {
  const filters = useFilters();
  const dayLink = useDayLink();
  const statistics = (): readonly (typeof timeStatistics)[number][] =>
    filters.uid() === "" ? timeStatistics : summedStatistics;
  const [chosen, choose] = useChoice("statistic", timeStatistics, "post_count");
  const statistic = () => (statistics().includes(chosen()) ? chosen() : "post_count");
  const [opened, close] = useOpenedDay();
  /** A memo, so that another day of the same year requests nothing. */
  const openedYear = createMemo(() => (filters.year() === "" ? opened()?.slice(0, 4) : undefined));
  const [days, { refetch }] = createResource(
    () => ({ selection: filters.query(), statistic: statistic(), fallback: openedYear() }),
    (source) => fetchCalendarData(source.selection, source.statistic, source.fallback),
  );
  /** Until the data has arrived, a calendar without values, so that nothing moves then. */
  const shown = () =>
    dataOf(days) ?? { year: Number(filters.year() || openedYear()) || new Date().getFullYear(), values: new Map() };
  const title = () => `${t().statistics[statistic()]} ${dataOf(days)?.year ?? ""}`;
  const kept = () => (statistic() === "post_count" ? undefined : statistic());
  const link = (iso: string) => dayLink(iso, kept());
  const panel = useFocus(opened, close);
  return (
    <Page lead={text().lead} tools={<StatisticChoice choices={statistics()} chosen={statistic()} choose={choose} />}>
      <Show when={days.state !== "errored"} fallback={<Failed error={days.error} retry={() => void refetch()} />}>
        <Empty when={dataOf(days)?.values.size === 0}>
          <div class="days" classList={{ waiting: dataOf(days) === undefined }} onClick={panel.follow}>
            <ChartCard
              title={title()}
              everyYear
              name={`days-${shown().year}`}
              chart={
                <>
                  <Calendar
                    label={title()}
                    year={shown().year}
                    values={shown().values}
                    value={(value) => valueText(statistic(), value)}
                    statistic={kept()}
                    chosen={opened()}
                  />
                  <Show when={opened()} fallback={<p class="hint">{text().hint}</p>}>
                    {(iso) => <DayDetails day={iso()} link={link} close={panel.leave} heading={panel.heading} />}
                  </Show>
                </>
              }
              rows={[...shown().values]}
              columns={[
                {
                  name: t().columns.day,
                  isHeader: true,
                  value: ([iso]) => iso,
                  cell: ([iso]) => <DayLink iso={iso} href={link(iso)} />,
                },
                {
                  name: t().statistics[statistic()],
                  isNumber: true,
                  value: ([, value]) => value,
                  cell: ([, value]) => number(value),
                },
              ]}
              csv={() => [["day", statistic()], ...shown().values]}
            />
          </div>
        </Empty>
      </Show>
    </Page>
  );
}

/** Moves the focus to the heading of a day that is opened from calendar or table, and back to its cell. */
function useFocus(opened: () => string | undefined, close: () => void) {
  let heading: HTMLElement | undefined;
  let isFollowed = false;
  createEffect(
    on(opened, () => {
      if (isFollowed) heading?.focus({ preventScroll: true });
      if (isFollowed) heading?.closest("section")?.scrollIntoView({ block: "nearest" });
      isFollowed = false;
    }),
  );
  return {
    heading: (element: HTMLElement) => (heading = element),
    /** Notes that a link to a day was followed, except for those in the opened day. */
    follow: (event: MouseEvent) => {
      const link = (event.target as Element).closest("a");
      isFollowed = link !== null && link.closest("section[aria-live]") === null;
    },
    leave: () => {
      const iso = opened();
      close();
      document.querySelector<SVGElement>(`[data-key="${iso}"][tabindex]`)?.focus({ preventScroll: true });
    },
  };
}

const DayLink = (props: { iso: string; href: string }) => (
  <a href={props.href} noScroll>
    {day(props.iso)}
  </a>
);
