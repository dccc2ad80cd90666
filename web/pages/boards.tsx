import { createResource } from "solid-js";
import { answer, api } from "../api.ts";
import { below } from "../base.ts";
import { dataOf, Empty, Loaded } from "../components/loaded.tsx";
import { Choice, CsvLink, Page } from "../components/page.tsx";
import { Table } from "../components/table.tsx";
import { useChoice, useFilters } from "../filters.ts";
import { number, t } from "../i18n/index.ts";

/** Threads and posts per board. */
export default function BoardsPage() {
  const filters = useFilters();
  const [column, choose] = useChoice("statistic", ["post_count", "thread_count"] as const, "post_count");
  const [boards, { refetch }] = createResource(filters.year, (year) =>
    answer(api.boards.$get({ query: year ? { year } : {} })),
  );
  const rows = () => (dataOf(boards)?.rows ?? []).toSorted((a, b) => b[column()] - a[column()] || a.bid - b.bid);
  const most = () => rows()[0]?.[column()] || 1;
  return (
    <Page
      title={t().boards.title}
      lead={t().boards.lead}
      tools={
        <>
          <Choice
            label={t().statistic}
            choices={["post_count", "thread_count"] as const}
            chosen={column()}
            choose={choose}
            name={(choice) => (choice === "post_count" ? t().columns.posts : t().columns.threads)}
          />
          <CsvLink path="boards" query={filters.year() ? { year: filters.year() } : {}} />
        </>
      }
    >
      <Loaded resource={boards} refetch={refetch} height="40rem">
        {(data) => (
          <Empty when={data().rows.length === 0}>
            <section class="card">
              <Table
                caption={t().boards.title}
                rows={rows()}
                columns={[
                  {
                    name: t().columns.board,
                    isHeader: true,
                    cell: (row) => (
                      <>
                        <a
                          href={below(
                            `/users?${new URLSearchParams({ ...(filters.year() ? { year: filters.year() } : {}), bid: String(row.bid) })}`,
                          )}
                        >
                          {row.name}
                        </a>{" "}
                        <span class="aliases">{row.description}</span>
                      </>
                    ),
                  },
                  {
                    name: t().columns.share,
                    isShare: true,
                    cell: (row) => <span class="share" style={{ width: `${(10 * row[column()]) / most()}rem` }} />,
                  },
                  { name: t().columns.threads, isNumber: true, cell: (row) => number(row.thread_count) },
                  { name: t().columns.posts, isNumber: true, cell: (row) => number(row.post_count) },
                ]}
              />
            </section>
          </Empty>
        )}
      </Loaded>
    </Page>
  );
}
