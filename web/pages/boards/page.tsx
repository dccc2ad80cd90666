import { createMemo, createResource, Show } from "solid-js";
import { answer, api } from "../../api.ts";
import { Rows } from "../../charts/rows.tsx";
import { titleBy, titleOf, withUnit } from "../../charts/units.ts";
import { ChartCard } from "../../components/chart-card.tsx";
import { dataOf, Empty, Loaded } from "../../components/loaded.tsx";
import { Choice, Page } from "../../components/page.tsx";
import { useRecapYear } from "../../components/recap-link.tsx";
import { Share } from "../../components/share.tsx";
import type { Column } from "../../components/table.tsx";
import { usePageTitle } from "../../current-page.ts";
import { useChoice, useFilters } from "../../filters.ts";
import { number, percent, t, texts } from "../../i18n/index.ts";
import { recapPath } from "../../recap-path.ts";

const text = texts({
  de: {
    lead: "Threads und Posts je Forum.",
    largest: (count: number) => `die ${count} größten`,
    open: (board: string) => `Überblick: ${board}`,
    of: (share: string) => `${share} von allen`,
    recap: "Rückblick",
    recapOf: (board: string, year: number) => `Rückblick ${year}: ${board}`,
  },
  en: {
    lead: "Threads and posts by board.",
    largest: (count) => `the ${count} largest`,
    open: (board) => `Overview: ${board}`,
    of: (share) => `${share} of all`,
    recap: "Recap",
    recapOf: (board, year) => `Recap ${year}: ${board}`,
  },
});

const measures = ["post_count", "thread_count"] as const;

/** Maximum number of boards in the chart; the table has all. */
const maxBars = 20;

/** Threads and posts of each board. */
export default function BoardsPage() {
  const filters = useFilters();
  const pageTitle = usePageTitle();
  const recapYear = useRecapYear();
  const [measure, choose] = useChoice("statistic", measures, "post_count");
  const [boards, { refetch }] = createResource(filters.query, (query) => answer(api.boards.$get({ query })));
  const rows = createMemo(() =>
    (dataOf(boards)?.rows ?? []).toSorted((a, b) => b[measure()] - a[measure()] || a.bid - b.bid),
  );
  const total = createMemo(() => rows().reduce((sum, row) => sum + row[measure()], 0));
  const overview = (bid: number) => filters.link("/", { bid: String(bid) });
  const title = () => titleBy(measure(), "board");
  const content = createMemo(() => ({
    label: `${pageTitle()}: ${title()}${rows().length > maxBars ? `, ${text().largest(maxBars)}` : ""}`,
    marks: rows()
      .slice(0, maxBars)
      .map((row) => ({ name: row.name, values: [row[measure()]], href: () => overview(row.bid) })),
    series: [titleOf(measure())],
    valueText: (value: number) => `${withUnit(measure(), value)}, ${text().of(percent(value / (total() || 1)))}`,
    actionText: (at: number) => text().open(rows()[at]?.name ?? ""),
  }));
  return (
    <Page
      lead={text().lead}
      tools={<Choice label={t().statistic} choices={measures} chosen={measure()} choose={choose} name={titleOf} />}
    >
      <Loaded resource={boards} refetch={refetch} height="46rem">
        {(data) => (
          <Empty when={data().rows.length === 0}>
            <ChartCard
              title={title()}
              name="boards"
              explained={[measure()]}
              chart={<Rows content={content()} />}
              rows={rows()}
              columns={[
                {
                  name: t().columns.board,
                  isHeader: true,
                  value: (row) => row.name,
                  cell: (row) => (
                    <>
                      <a class="phrase" lang="de" href={overview(row.bid)}>
                        {row.name}
                      </a>{" "}
                      <span class="aliases description">{row.description}</span>
                    </>
                  ),
                },
                {
                  name: t().columns.share,
                  isShare: true,
                  cell: (row) => <Share part={row[measure()]} whole={total()} />,
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
                recapColumn(recapYear),
              ]}
              csv={{ path: "boards", query: filters.query() }}
              open
            />
          </Empty>
        )}
      </Loaded>
    </Page>
  );
}

/** Links to the recaps of the boards. */
const recapColumn = (year: () => number | undefined): Column<{ bid: number; name: string }> => ({
  name: text().recap,
  isNumber: true,
  cell: ({ bid, name }) => (
    <Show when={year()}>
      {(known) => (
        <a href={recapPath(known(), { bid })} aria-label={text().recapOf(name, known())}>
          {known()}
        </a>
      )}
    </Show>
  ),
});
