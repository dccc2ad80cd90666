import { createResource, Show } from "solid-js";
import { answer, api, type Overview } from "../../api.ts";
import { Calendar } from "../../charts/calendar.tsx";
import { Card } from "../../components/card.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Page, Total } from "../../components/page.tsx";
import { yearByDay } from "../../daily.ts";
import { useFilters } from "../../filters.ts";
import { number, shortDay, t } from "../../i18n/index.ts";
import { Records } from "./records.tsx";
import { TopBoards, TopUsers } from "./top.tsx";

/** The selection at a glance. */
export default function OverviewPage() {
  const filters = useFilters();
  const isFiltered = () => filters.year() + filters.bid() !== "";
  const [overview, { refetch }] = createResource(filters.query, (query) => answer(api.overview.$get({ query })));
  return (
    <Page title={t().overview.title} lead={isFiltered() ? t().overview.leadSelection : t().overview.lead}>
      <Loaded resource={overview} refetch={refetch} height="40rem">
        {(data) => (
          <Show when={data().post_count > 0} fallback={<Nothing isFiltered={isFiltered()} />}>
            <div class="totals">
              <Total
                value={data().post_count}
                name={t().units.posts(data().post_count)}
                detail={t().overview.span(shortDay(data().first_day ?? ""), shortDay(data().last_day ?? ""))}
              />
              <Total value={data().threads_created} name={t().units.threads(data().threads_created)} />
              <Total value={data().active_users} name={t().units.activeUsers(data().active_users)} />
              <Total
                value={perDay(data())}
                name={t().units.postsPerDay(perDay(data()))}
                detail={t().overview.days(data().days, number(data().days))}
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

/** The days of the chosen year, or of the latest with data. */
function YearCard() {
  const filters = useFilters();
  const [days, { refetch }] = createResource(filters.query, (query) => yearByDay(query, "post_count"));
  return (
    <Loaded resource={days} refetch={refetch} height="15rem">
      {(data) => (
        <Show when={data().values.size > 0}>
          <Card
            title={t().overview.calendar(data().year)}
            tools={<a href={filters.link("/days")}>{t().overview.more}</a>}
          >
            <Calendar label={`${t().statistics.post_count} ${data().year}`} year={data().year} values={data().values} />
          </Card>
        </Show>
      )}
    </Loaded>
  );
}

/** An empty database says which command fills it, an empty selection that it is empty. */
const Nothing = (props: { isFiltered: boolean }) => (
  <div class="card message">
    <Show when={!props.isFiltered} fallback={<p>{t().empty}</p>}>
      <p>{t().nothingYet}</p>
      <code>bun run update --board all</code>
    </Show>
  </div>
);
