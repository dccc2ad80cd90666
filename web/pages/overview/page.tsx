import { createResource, Show } from "solid-js";
import { answer, api, type Overview } from "../../api.ts";
import { Calendar } from "../../charts/calendar.tsx";
import { Card } from "../../components/card.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Page, Total } from "../../components/page.tsx";
import { fetchCalendarData } from "../../calendar-data.ts";
import { useFilters } from "../../filters.ts";
import { plural } from "../../i18n/formats.ts";
import { number, shortDay, t, texts } from "../../i18n/index.ts";
import { Records } from "./records.tsx";
import { ShowAll } from "./show-all.tsx";
import { TopBoards, TopUsers } from "./top.tsx";

const text = texts({
  de: {
    lead: "Das Forum auf einen Blick.",
    leadSelection: "Die Auswahl auf einen Blick.",
    span: (first: string, last: string) => `${first} bis ${last}`,
    days: (count: number) => `an ${number(count)} ${plural(count, "Tag", "Tagen")} mit Posts`,
    calendar: (year: number) => `Posts im Jahr ${year}`,
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

/** The selection at a glance. */
export default function OverviewPage() {
  const filters = useFilters();
  const isFiltered = () => filters.year() + filters.bid() !== "";
  const [overview, { refetch }] = createResource(filters.query, (query) => answer(api.overview.$get({ query })));
  return (
    <Page lead={isFiltered() ? text().leadSelection : text().lead}>
      <Loaded resource={overview} refetch={refetch} height="40rem">
        {(data) => (
          <Show when={data().post_count > 0} fallback={<Nothing isFiltered={isFiltered()} />}>
            <div class="totals">
              <Total
                value={data().post_count}
                name={t().units.posts(data().post_count)}
                detail={text().span(shortDay(data().first_day ?? ""), shortDay(data().last_day ?? ""))}
              />
              <Total value={data().threads_created} name={t().units.threads(data().threads_created)} />
              <Total value={data().active_users} name={t().units.activeUsers(data().active_users)} />
              <Total
                value={perDay(data())}
                name={t().units.postsPerDay(perDay(data()))}
                detail={text().days(data().days)}
              />
            </div>
            <YearCard />
            <Records records={data().records} />
            <div class="grid">
              <TopUsers />
              <TopBoards />
            </div>
          </Show>
        )}
      </Loaded>
    </Page>
  );
}

const perDay = ({ post_count, days }: Overview) => Math.round(post_count / Math.max(1, days));

/** The days of the selected year, or of the latest year with data. */
function YearCard() {
  const filters = useFilters();
  const [days, { refetch }] = createResource(filters.query, (query) => fetchCalendarData(query, "post_count"));
  return (
    <Loaded resource={days} refetch={refetch} height="15rem">
      {(data) => (
        <Show when={data().values.size > 0}>
          <Card title={text().calendar(data().year)} tools={<ShowAll path="/days" />}>
            <Calendar label={`${t().statistics.post_count} ${data().year}`} year={data().year} values={data().values} />
          </Card>
        </Show>
      )}
    </Loaded>
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
