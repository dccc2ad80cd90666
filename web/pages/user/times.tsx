import { createResource } from "solid-js";
import { answer, api } from "../../api.ts";
import { Calendar } from "../../charts/calendar.tsx";
import { ChartCard } from "../../components/chart-card.tsx";
import { HoursCard } from "../../components/hours-card.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { useFilters } from "../../filters.ts";
import { day, number, t, texts } from "../../i18n/index.ts";

const text = texts({
  de: { days: (year: number) => `Posts je Tag ${year}` },
  en: { days: (year) => `Posts per day in ${year}` },
});

/**
 * When a user posts: by day of one year, and by hour of the week.
 * @param props.years years with data, ascending; the last one is shown unless a year is selected
 */
export const UserTimes = (props: { uid: string; name: string; years: number[] }) => (
  <>
    <Days uid={props.uid} name={props.name} latest={props.years.at(-1) ?? 0} />
    <WeekHours uid={props.uid} name={props.name} />
  </>
);

function Days(props: { uid: string; name: string; latest: number }) {
  const filters = useFilters();
  const [days, { refetch }] = createResource(
    () => ({ uid: props.uid, year: String(Number(filters.year() || props.latest)), ...filters.only("bid") }),
    async (query) => {
      const { rows } = await answer(api["user-daily-stats"].$get({ query }));
      return { year: Number(query.year), values: new Map(rows.map((row) => [row.day, row.post_count])) };
    },
  );
  return (
    <Loaded resource={days} refetch={refetch} height="15rem">
      {(data) => (
        <ChartCard
          title={text().days(data().year)}
          subject={props.name}
          everyYear
          name={`user-${props.uid}-days-${data().year}`}
          chart={<Calendar label={text().days(data().year)} year={data().year} values={data().values} />}
          rows={[...data().values]}
          columns={[
            { name: t().columns.day, isHeader: true, value: ([iso]) => iso, cell: ([iso]) => day(iso) },
            {
              name: t().columns.posts,
              isNumber: true,
              value: ([, value]) => value,
              cell: ([, value]) => number(value),
            },
          ]}
          csv={() => [["day", "post_count"], ...data().values]}
        />
      )}
    </Loaded>
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
