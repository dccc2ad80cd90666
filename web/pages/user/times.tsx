import { useLocation } from "@solidjs/router";
import { createResource, Show } from "solid-js";
import { answer, api } from "../../api.ts";
import { Calendar } from "../../charts/calendar.tsx";
import { Calendars } from "../../charts/calendars.tsx";
import { byMonth, yearsOfDays } from "../../charts/dates.ts";
import { ChartCard } from "../../components/chart-card.tsx";
import { HoursCard } from "../../components/hours-card.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { useFilters } from "../../filters.ts";
import { day, monthOfYear, number, t, texts } from "../../i18n/index.ts";

const text = texts({
  de: {
    days: (year: number) => `Posts je Tag im Jahr ${year}`,
    allDays: "Posts je Tag, alle Jahre",
    someDays: (years: string) => `Posts je Tag, ${years}`,
    month: "Monat",
  },
  en: {
    days: (year) => `Posts per day in ${year}`,
    allDays: "Posts per day, all years",
    someDays: (years) => `Posts per day, ${years}`,
    month: "Month",
  },
});

/** When a user posts: by day, and by hour of the week. */
export const UserTimes = (props: { uid: string; name: string }) => (
  <>
    <Days uid={props.uid} name={props.name} />
    <WeekHours uid={props.uid} name={props.name} />
  </>
);

const posts = (count: number) => `${number(count)} ${t().units.posts(count)}`;

/** The days of the selected year, or of several years below each other. */
function Days(props: { uid: string; name: string }) {
  const filters = useFilters();
  const [days, { refetch }] = createResource(
    () => ({ uid: props.uid, ...filters.query() }),
    async (query) => {
      const { rows } = await answer(api["user-daily-stats"].$get({ query }));
      return { years: query.year ?? "", values: new Map(rows.map((row) => [row.day, row.post_count])) };
    },
  );
  return (
    <Loaded resource={days} refetch={refetch} height="16rem">
      {(data) => (
        <Show when={data().values.size > 0}>
          <Show
            when={Number(data().years) || undefined}
            fallback={<SeveralYears {...props} years={data().years} values={data().values} />}
          >
            {(year) => <OneYear {...props} year={year()} values={data().values} />}
          </Show>
        </Show>
      )}
    </Loaded>
  );
}

const OneYear = (props: { uid: string; name: string; year: number; values: Map<string, number> }) => (
  <ChartCard
    title={text().days(props.year)}
    subject={props.name}
    everyYear
    name={`user-${props.uid}-days-${props.year}`}
    chart={<Calendar label={text().days(props.year)} year={props.year} values={props.values} value={posts} />}
    rows={[...props.values]}
    columns={[
      { name: t().columns.day, isHeader: true, cell: ([iso]) => day(iso) },
      { name: t().columns.posts, isNumber: true, cell: ([, value]) => number(value) },
    ]}
    csv={() => [["day", "post_count"], ...props.values]}
  />
);

/**
 * The calendars of a range of years, or of all. The table sums up months, because it would be thousands of days long; CSV
 * has the days.
 */
function SeveralYears(props: { uid: string; name: string; years: string; values: Map<string, number> }) {
  const title = () => (props.years === "" ? text().allDays : text().someDays(props.years.replace("-", "–")));
  const location = useLocation();
  const yearHref = (year: number) => {
    const query = new URLSearchParams(location.search);
    query.set("year", String(year));
    return `${location.pathname}?${query}`;
  };
  return (
    <ChartCard
      title={title()}
      subject={props.name}
      everyYear
      name={`user-${props.uid}-days${props.years && `-${props.years}`}`}
      chart={
        <Calendars
          label={title()}
          years={yearsOfDays([...props.values.keys()])}
          values={props.values}
          value={posts}
          yearHref={yearHref}
        />
      }
      rows={[...byMonth(props.values)]}
      columns={[
        { name: text().month, isHeader: true, cell: ([iso]) => monthOfYear(`${iso}-01`) },
        { name: t().columns.posts, isNumber: true, cell: ([, value]) => number(value) },
      ]}
      csv={() => [["day", "post_count"], ...props.values]}
    />
  );
}

function WeekHours(props: { uid: string; name: string }) {
  const filters = useFilters();
  const [hours, { refetch }] = createResource(
    () => ({ uid: props.uid, ...filters.query() }),
    async (query) => (await answer(api["user-hourly-stats"].$get({ query }))).rows,
  );
  return (
    <Loaded resource={hours} refetch={refetch} height="15rem">
      {(rows) => <HoursCard name={`user-${props.uid}-hours`} subject={props.name} rows={rows()} />}
    </Loaded>
  );
}
