import { createResource, Show } from "solid-js";
import { answer, api, type Overview } from "../../api.ts";
import { Calendar } from "../../charts/calendar.tsx";
import { Card } from "../../components/card.tsx";
import { dataOf, Failed, Loaded } from "../../components/loaded.tsx";
import { Page, Total } from "../../components/page.tsx";
import { RecapLink, useRecapYear } from "../../components/recap-link.tsx";
import { fetchCalendarData } from "../../calendar-data.ts";
import { useFilters } from "../../filters.ts";
import { plural } from "../../i18n/formats.ts";
import { number, shortDay, t, texts } from "../../i18n/index.ts";
import { NewsCards } from "./news.tsx";
import { Records } from "./records.tsx";
import { ShowAll } from "./show-all.tsx";
import { TodayCard } from "./today.tsx";
import { TopBoards, TopUsers } from "./top.tsx";

const text = texts({
  de: {
    lead: "Das Forum auf einen Blick.",
    leadSelection: "Die Auswahl auf einen Blick.",
    span: (first: string, last: string) => `${first} bis ${last}`,
    days: (count: number) => `an ${number(count)} ${plural(count, "Tag", "Tagen")} mit Posts`,
    calendar: (year: string) => `Posts im Jahr ${year}`,
    nothingYet: "Noch keine Daten. Der Betreiber kann sie so holen:",
  },
  en: {
    lead: "The forum at a glance.",
    leadSelection: "Your selection at a glance.",
    span: (first, last) => `${first} to ${last}`,
    days: (count) => `on ${number(count)} ${plural(count, "day", "days")} with posts`,
    calendar: (year) => `Posts in ${year}`,
    nothingYet: "No data yet. The operator can fetch some with:",
  },
});

/** The selection at a glance. Its cards are requested side by side. */
export default function OverviewPage() {
  const filters = useFilters();
  const isFiltered = () => filters.years() + filters.bid() !== "";
  const recapYear = useRecapYear();
  const [overview, { refetch }] = createResource(filters.query, (query) => answer(api.overview.$get({ query })));
  return (
    <Page
      lead={isFiltered() ? text().leadSelection : text().lead}
      tools={<RecapLink year={recapYear()} bid={filters.bid()} />}
    >
      {/* While it loads, the former answer says nothing about this selection. */}
      <Show
        when={overview.loading || dataOf(overview)?.post_count !== 0}
        fallback={<Nothing isFiltered={isFiltered()} />}
      >
        {/* What is new concerns the whole forum, and today all years. */}
        <Show when={filters.years() === "" && overview.state !== "errored"}>
          <div class="news" classList={{ single: filters.bid() !== "" }}>
            <Show when={filters.bid() === ""}>
              <NewsCards />
            </Show>
            <TodayCard />
          </div>
        </Show>
        <div class="overview-totals">
          <Loaded resource={overview} refetch={refetch} height="100%">
            {(data) => <Totals overview={data()} />}
          </Loaded>
        </div>
        <Show when={overview.state !== "errored"}>
          <YearCard />
          <div class="overview-records">
            <Loaded resource={overview} refetch={refetch} height="100%">
              {(data) => <Records records={data().records} />}
            </Loaded>
          </div>
          <div class="grid">
            <TopUsers />
            <TopBoards />
          </div>
        </Show>
      </Show>
    </Page>
  );
}

function Totals(props: { overview: Overview }) {
  const perDay = () => props.overview.post_count / Math.max(1, props.overview.days);
  return (
    <div class="totals">
      <Total
        value={props.overview.post_count}
        name={t().units.posts(props.overview.post_count)}
        detail={text().span(shortDay(props.overview.first_day ?? ""), shortDay(props.overview.last_day ?? ""))}
      />
      <Total value={props.overview.threads_created} name={t().units.threads(props.overview.threads_created)} />
      <Total value={props.overview.active_users} name={t().units.activeUsers(props.overview.active_users)} />
      <Total value={perDay()} name={t().units.postsPerDay(perDay())} detail={text().days(props.overview.days)} />
    </div>
  );
}

/** The days of the selected year, or of the latest year with data. */
function YearCard() {
  const filters = useFilters();
  const [days, { refetch }] = createResource(filters.query, (query) => fetchCalendarData(query, "post_count"));
  /** Until the data has arrived, a calendar without values, so that nothing moves then. */
  const shown = () =>
    dataOf(days) ?? { year: Number(filters.year()) || new Date().getFullYear(), values: new Map<string, number>() };
  /** Four spaces as wide as digits keep the place of a year that is not known yet. */
  const title = () => text().calendar(String(dataOf(days)?.year ?? (filters.year() || "\u2007".repeat(4))));
  return (
    <Show when={days.state !== "errored"} fallback={<Failed error={days.error} retry={() => void refetch()} />}>
      <Show when={dataOf(days)?.values.size !== 0}>
        <div class="year-card" classList={{ waiting: dataOf(days) === undefined }}>
          <Card title={title()} tools={<ShowAll path="/days" />}>
            <Calendar
              label={title()}
              year={shown().year}
              values={shown().values}
              value={(count) => `${number(count)} ${t().units.posts(count)}`}
              isStrip
            />
          </Card>
        </div>
      </Show>
    </Show>
  );
}

/** For an empty database, shows the command that fills it; otherwise reports that the selection is empty. */
const Nothing = (props: { isFiltered: boolean }) => (
  <div class="card message">
    <Show when={!props.isFiltered} fallback={<p>{t().empty}</p>}>
      <p>{text().nothingYet}</p>
      <code>bun run update --board all</code>
    </Show>
  </div>
);
