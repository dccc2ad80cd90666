import { createEffect, createResource, on } from "solid-js";
import { answer, api } from "../api.ts";
import { Bars } from "../charts/bars.tsx";
import { ChartCard } from "../components/chart-card.tsx";
import { Empty, Loaded } from "../components/loaded.tsx";
import { CsvLink } from "../components/page.tsx";
import { Table } from "../components/table.tsx";
import { UserLink } from "../components/user-link.tsx";
import { useFilters } from "../filters.ts";
import { number, t } from "../i18n/index.ts";

const kinds = ["link", "image", "video"] as const;

/** One domain: year by year, and who links it. */
export function DomainDetails(props: { domain: string; close: () => void }) {
  const filters = useFilters();
  const [years, { refetch }] = createResource(
    () => props.domain,
    async (domain) => (await answer(api["domain-years"].$get({ query: { domain } }))).rows,
  );
  const linkers = () => ({ domain: props.domain, ...(filters.year() ? { year: filters.year() } : {}) });
  const [users, { refetch: refetchUsers }] = createResource(linkers, (query) =>
    answer(api["user-domains"].$get({ query: { ...query, limit: "10" } })),
  );
  let top: HTMLElement | undefined;
  createEffect(
    on(
      () => props.domain,
      () => top?.scrollIntoView({ block: "nearest" }),
    ),
  );
  type Row = NonNullable<ReturnType<typeof years>>[number];
  return (
    <section class="details" ref={(element) => (top = element)} aria-label={props.domain}>
      <header class="page-head">
        <h2>{props.domain}</h2>
        <button type="button" class="button quiet" onClick={() => props.close()}>
          {t().keys.closeButton}
        </button>
      </header>
      <div class="grid">
        <Loaded resource={years} refetch={refetch} height="24rem">
          {(rows) => (
            <Empty when={rows().length === 0}>
              <ChartCard
                title={t().links.byYear}
                about={props.domain}
                everyYear
                name="domain"
                chart={
                  <Bars
                    label={`${props.domain}: ${t().links.byYear}`}
                    values={rows().map((row) => ({ name: String(row.year), value: row.count }))}
                  />
                }
                rows={rows()}
                columns={[
                  { name: t().columns.year, isHeader: true, cell: (row) => row.year },
                  ...kinds.map((kind) => ({
                    name: t().links.types[kind],
                    isNumber: true,
                    cell: (row: Row) => number(row[kind]),
                  })),
                  { name: t().columns.count, isNumber: true, cell: (row) => number(row.count) },
                ]}
                csv={() => [
                  ["year", ...kinds, "count"],
                  ...rows().map((row) => [row.year, ...kinds.map((kind) => row[kind]), row.count]),
                ]}
              />
            </Empty>
          )}
        </Loaded>
        <section class="card">
          <header>
            <h2>{t().links.users}</h2>
            <CsvLink path="user-domains" query={{ ...linkers(), limit: "10000" }} />
          </header>
          <Loaded resource={users} refetch={refetchUsers} height="25.5rem">
            {(data) => (
              <Empty when={data().rows.length === 0}>
                <Table
                  caption={t().links.users}
                  rows={data().rows}
                  columns={[
                    { name: t().columns.user, isHeader: true, cell: (row) => <UserLink user={row.User} /> },
                    { name: t().columns.count, isNumber: true, cell: (row) => number(row.count) },
                  ]}
                />
              </Empty>
            )}
          </Loaded>
        </section>
      </div>
    </section>
  );
}
