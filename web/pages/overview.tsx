import { A } from "@solidjs/router";
import { createResource, Show } from "solid-js";
import { answer, api } from "../api.ts";
import { Calendar, daysOf } from "../charts/calendar.tsx";
import { Loaded } from "../components/loaded.tsx";
import { Page, Total } from "../components/page.tsx";
import { Table } from "../components/table.tsx";
import { UserLink } from "../components/user-link.tsx";
import { useFilters } from "../filters.ts";
import { number, t } from "../i18n/index.ts";

const most = 10;

/** The selection at a glance. */
export default function Overview() {
  const filters = useFilters();
  const [years, { refetch }] = createResource(filters.bid, (bid) =>
    answer(api["year-over-year-stats"].$get({ query: bid ? { bid } : {} })),
  );
  /** The chosen year, else the latest with data. */
  const year = () => Number(filters.year() || (years.latest?.rows.at(-1)?.year ?? 0));
  const [days] = createResource(
    () => (year() > 0 ? { year: String(year()), ...(filters.bid() ? { bid: filters.bid() } : {}) } : undefined),
    async (query) => {
      const { series } = await answer(api["daily-stats"].$get({ query: { ...query, statistic: "post_count" } }));
      return daysOf(Number(query.year), series);
    },
  );
  const [users, { refetch: refetchUsers }] = createResource(filters.query, (query) =>
    answer(api["poster-stats"].$get({ query: { ...query, limit: String(most) } })),
  );
  const [boards, { refetch: refetchBoards }] = createResource(filters.year, (chosen) =>
    answer(api.boards.$get({ query: chosen ? { year: chosen } : {} })),
  );
  const [status] = createResource(() => answer(api.status.$get()));
  const inSelection = () =>
    (years.latest?.rows ?? []).filter((row) => !filters.year() || String(row.year) === filters.year());
  const sum = (column: "post_count" | "threads_created") =>
    inSelection().reduce((total, row) => total + row[column], 0);
  const largest = () => (boards.latest?.rows ?? []).toSorted((a, b) => b.post_count - a.post_count || a.bid - b.bid);
  return (
    <Page title={t().overview.title}>
      <Loaded resource={years} refetch={refetch} height="7rem">
        {(data) => (
          <Show when={data().rows.length > 0} fallback={<NothingYet />}>
            <div class="totals">
              <Total value={sum("post_count")} name={t().overview.posts} />
              <Total value={sum("threads_created")} name={t().overview.threads} />
              <Total value={status.latest?.counts.users ?? 0} name={t().overview.users} />
              <Total value={boards.latest?.rows.length ?? 0} name={t().overview.boards} />
            </div>
            <section class="card">
              <header>
                <h2>
                  {t().nav.days} {year() || ""}
                </h2>
                <A href={filters.link("/days")}>{t().overview.more}</A>
              </header>
              <Loaded resource={days} refetch={() => {}} height="11rem">
                {(values) => (
                  <Calendar label={`${t().statistics.post_count} ${year()}`} year={year()} values={values()} />
                )}
              </Loaded>
            </section>
          </Show>
        )}
      </Loaded>
      <div class="grid">
        <section class="card">
          <header>
            <h2>{t().overview.topUsers}</h2>
            <A href={filters.link("/users")}>{t().overview.more}</A>
          </header>
          <Loaded resource={users} refetch={refetchUsers} height="24rem">
            {(data) => (
              <Table
                caption={t().overview.topUsers}
                rows={data().rows}
                columns={[
                  { name: t().columns.rank, isNumber: true, cell: (_row, index) => index + 1 },
                  { name: t().columns.user, isHeader: true, cell: (row) => <UserLink user={row.User} /> },
                  { name: t().columns.posts, isNumber: true, cell: (row) => number(row.post_count) },
                ]}
              />
            )}
          </Loaded>
        </section>
        <section class="card">
          <header>
            <h2>{t().overview.topBoards}</h2>
            <A href={filters.link("/boards")}>{t().overview.more}</A>
          </header>
          <Loaded resource={boards} refetch={refetchBoards} height="24rem">
            {() => (
              <Table
                caption={t().overview.topBoards}
                rows={largest().slice(0, most)}
                columns={[
                  { name: t().columns.board, isHeader: true, cell: (row) => row.name },
                  {
                    name: t().columns.share,
                    isShare: true,
                    cell: (row) => (
                      <span
                        class="share"
                        style={{ width: `${(6 * row.post_count) / (largest()[0]?.post_count ?? 1)}rem` }}
                      />
                    ),
                  },
                  { name: t().columns.posts, isNumber: true, cell: (row) => number(row.post_count) },
                ]}
              />
            )}
          </Loaded>
        </section>
      </div>
    </Page>
  );
}

/** An empty database says what to run. */
const NothingYet = () => (
  <div class="card message">
    <p>{t().nothingYet}</p>
    <code>bun run update --board all</code>
  </div>
);
