import { createResource, Show } from "solid-js";
import { answer, api } from "../api.ts";
import { Calendar, daysOf } from "../charts/calendar.tsx";
import { Loaded } from "../components/loaded.tsx";
import { Page, Total } from "../components/page.tsx";
import { Table } from "../components/table.tsx";
import { UserLink } from "../components/user-link.tsx";
import { useFilters } from "../filters.ts";
import { number, shortDay, t } from "../i18n/index.ts";
import { Records } from "./overview-records.tsx";

const most = 10;

/** The selection at a glance. */
export default function Overview() {
  const filters = useFilters();
  const [overview, { refetch }] = createResource(filters.query, (query) => answer(api.overview.$get({ query })));
  /** Days of the chosen year, else of the latest with data. */
  const [days, { refetch: refetchDays }] = createResource(filters.query, async ({ year, bid }) => {
    const board = bid ? { bid } : {};
    const shown = Number(year ?? (await answer(api.years.$get({ query: board }))).rows.at(-1)?.year ?? 0);
    if (shown === 0) return { year: 0, values: new Map<string, number>() };
    const query = { year: String(shown), statistic: "post_count", ...board } as const;
    return { year: shown, values: daysOf(shown, (await answer(api["daily-stats"].$get({ query }))).series) };
  });
  const [users, { refetch: refetchUsers }] = createResource(filters.query, (query) =>
    answer(api["poster-stats"].$get({ query: { ...query, limit: String(most) } })),
  );
  const [boards, { refetch: refetchBoards }] = createResource(filters.year, async (year) => {
    const { rows } = await answer(api.boards.$get({ query: year ? { year } : {} }));
    return rows.toSorted((a, b) => b.post_count - a.post_count || a.bid - b.bid).slice(0, most);
  });
  return (
    <Page title={t().overview.title} lead={t().overview.lead}>
      <Loaded resource={overview} refetch={refetch} height="40rem">
        {(whole) => (
          <Show when={whole().post_count > 0} fallback={<Nothing isFiltered={filters.year() + filters.bid() !== ""} />}>
            <div class="totals">
              <Total
                value={whole().post_count}
                name={t().overview.posts}
                detail={t().overview.span(shortDay(whole().first_day ?? ""), shortDay(whole().last_day ?? ""))}
              />
              <Total value={whole().threads_created} name={t().overview.threads} />
              <Total value={whole().active_users} name={t().overview.users} />
              <Total
                value={Math.round(whole().post_count / Math.max(1, whole().days))}
                name={t().overview.perDay}
                detail={t().overview.days(number(whole().days))}
              />
            </div>
            <Loaded resource={days} refetch={refetchDays} height="15rem">
              {(data) => (
                <Show when={data().values.size > 0}>
                  <section class="card">
                    <header>
                      <h2>{`${t().overview.calendar} ${data().year}`}</h2>
                      <a href={filters.link("/days")}>{t().overview.more}</a>
                    </header>
                    <Calendar
                      label={`${t().statistics.post_count} ${data().year}`}
                      year={data().year}
                      values={data().values}
                    />
                  </section>
                </Show>
              )}
            </Loaded>
            <Records records={whole().records} />
            <div class="grid">
              <section class="card">
                <header>
                  <h2>{t().overview.topUsers}</h2>
                  <a href={filters.link("/users")}>{t().overview.more}</a>
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
                  <a href={filters.link("/boards")}>{t().overview.more}</a>
                </header>
                <Loaded resource={boards} refetch={refetchBoards} height="24rem">
                  {(rows) => (
                    <Table
                      caption={t().overview.topBoards}
                      rows={rows()}
                      columns={[
                        { name: t().columns.board, isHeader: true, cell: (row) => row.name },
                        {
                          name: t().columns.share,
                          isShare: true,
                          cell: (row) => (
                            <span
                              class="share"
                              style={{ width: `${(6 * row.post_count) / (rows()[0]?.post_count ?? 1)}rem` }}
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
          </Show>
        )}
      </Loaded>
    </Page>
  );
}

/** An empty database says what to run; an empty selection says so. */
const Nothing = (props: { isFiltered: boolean }) => (
  <div class="card message">
    <Show when={!props.isFiltered} fallback={<p>{t().empty}</p>}>
      <p>{t().nothingYet}</p>
      <code>bun run update --board all</code>
    </Show>
  </div>
);
