import { createResource } from "solid-js";
import { answer, api } from "../../api.ts";
import { dataOf, Empty, Loaded } from "../../components/loaded.tsx";
import { Choice, CsvLink, Page } from "../../components/page.tsx";
import { ProportionBar } from "../../components/proportion-bar.tsx";
import { Table } from "../../components/table.tsx";
import { usePageTitle } from "../../current-page.ts";
import { useChoice, useFilters } from "../../filters.ts";
import { number, t, texts } from "../../i18n/index.ts";

const text = texts({
  de: { lead: "Threads und Posts je Forum." },
  en: { lead: "Threads and posts by board." },
});

const orders = ["post_count", "thread_count"] as const;

/** Threads and posts of each board. */
export default function BoardsPage() {
  const filters = useFilters();
  const pageTitle = usePageTitle();
  const [order, choose] = useChoice("statistic", orders, "post_count");
  const [boards, { refetch }] = createResource(filters.query, (query) => answer(api.boards.$get({ query })));
  const rows = () => (dataOf(boards)?.rows ?? []).toSorted((a, b) => b[order()] - a[order()] || a.bid - b.bid);
  const users = (bid: number) => filters.link("/", { bid: String(bid) });
  return (
    <Page
      lead={text().lead}
      tools={
        <>
          <Choice
            label={t().statistic}
            choices={orders}
            chosen={order()}
            choose={choose}
            name={(choice) => (choice === "post_count" ? t().columns.posts : t().columns.threads)}
          />
          <CsvLink path="boards" query={filters.query()} />
        </>
      }
    >
      <Loaded resource={boards} refetch={refetch} height="40rem">
        {(data) => (
          <Empty when={data().rows.length === 0}>
            <section class="card">
              <Table
                caption={pageTitle()}
                sortName="boards"
                rows={rows()}
                columns={[
                  {
                    name: t().columns.board,
                    isHeader: true,
                    value: (row) => row.name,
                    cell: (row) => (
                      <>
                        <a href={users(row.bid)}>{row.name}</a> <span class="aliases">{row.description}</span>
                      </>
                    ),
                  },
                  {
                    name: t().columns.share,
                    isShare: true,
                    cell: (row) => (
                      <ProportionBar count={row[order()]} largest={rows()[0]?.[order()] ?? 1} width_rem={10} />
                    ),
                  },
                  {
                    name: t().columns.threads,
                    isNumber: true,
                    value: (row) => row.thread_count,
                    cell: (row) => number(row.thread_count),
                  },
                  {
                    name: t().columns.posts,
                    isNumber: true,
                    value: (row) => row.post_count,
                    cell: (row) => number(row.post_count),
                  },
                ]}
              />
            </section>
          </Empty>
        )}
      </Loaded>
    </Page>
  );
}
