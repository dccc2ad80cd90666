import { createWindowVirtualizer } from "@tanstack/solid-virtual";
import { createEffect, createSignal, For, on, Show } from "solid-js";
import type { PosterStats } from "../../api.ts";
import { Failed } from "../../components/loaded.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { usePageTitle } from "../../current-page.ts";
import { number, percent, t, texts } from "../../i18n/index.ts";
import { isPrinting } from "../../printing.ts";
import { userStatistics } from "../../statistics.ts";
import type { Rows } from "./rows.ts";

const text = texts({
  de: {
    printed: (count: number) =>
      `Gedruckt sind die ersten ${number(count)} Nutzer: so viele waren geladen. Alle stehen in der CSV-Datei.`,
  },
  en: {
    printed: (count) =>
      `These are the first ${number(count)} users: as many as had been loaded. The CSV file contains all.`,
  },
});

export interface Order {
  by: (typeof userStatistics)[number];
  direction: "asc" | "desc";
}

const [postCount, ...furtherStatistics] = userStatistics;
/** The share of posts follows the number of posts. */
const columnNames = [postCount, "share", ...furtherStatistics] as const;

const rowHeight_px = 40;
/** More rows are requested when only this many are left below the window. */
const ahead = 40;

/** A table that renders only the rows in and around the window, so that 100,000 rows scroll smoothly. */
function useVisibleRows(list: Rows) {
  /** Pixels from the top of the document to the first row. */
  const [top, setTop] = createSignal(0);
  const measure = (body: HTMLElement) =>
    requestAnimationFrame(() => setTop(body.getBoundingClientRect().top + window.scrollY));
  const virtual = createWindowVirtualizer({
    get count() {
      return list.rows().length;
    },
    estimateSize: () => rowHeight_px,
    overscan: 12,
    get scrollMargin() {
      return top();
    },
  });
  createEffect(
    on(
      () => virtual.getVirtualItems().at(-1)?.index ?? 0,
      (last) => {
        if (list.failure() === undefined && last >= list.rows().length - ahead) void list.loadMore();
      },
    ),
  );
  const items = () =>
    isPrinting() ? list.rows().map((_, index) => ({ index, start: 0, end: 0 })) : virtual.getVirtualItems();
  return {
    items,
    measure,
    /** Height of the rows that are not rendered, above and below, in pixels. */
    above: () => Math.max(0, (items()[0]?.start ?? top()) - top()),
    below: () => Math.max(0, virtual.getTotalSize() - ((items().at(-1)?.end ?? top()) - top())),
  };
}

/** Keeps head and body at the same columns: each scrolls on its own, so that the head can stick to the window. */
function useColumns() {
  let head: HTMLElement | undefined;
  let body: HTMLElement | undefined;
  const copy = (from: HTMLElement | undefined, to: HTMLElement | undefined) => {
    if (from && to && to.scrollLeft !== from.scrollLeft) to.scrollLeft = from.scrollLeft;
  };
  return {
    head: (element: HTMLElement) => (head = element),
    body: (element: HTMLElement) => (body = element),
    followHead: () => copy(head, body),
    followBody: () => copy(body, head),
  };
}

/** The roles are explicit because the table's parts are displayed as blocks and grids. */
export function UserTable(props: { list: Rows; order: Order; sortBy: (statistic: Order["by"]) => void }) {
  const pageTitle = usePageTitle();
  const visible = useVisibleRows(props.list);
  const columns = useColumns();
  return (
    <section class="card">
      <table class="users" role="table" aria-label={pageTitle()} aria-rowcount={-1}>
        <thead role="rowgroup" ref={columns.head} onScroll={columns.followHead}>
          <tr role="row" aria-rowindex={1}>
            <th role="columnheader" scope="col" class="number rank">
              {t().columns.rank}
            </th>
            <th role="columnheader" scope="col" class="name">
              {t().columns.user}
            </th>
            <For each={columnNames}>
              {(column) => (
                <Show
                  when={column !== "share" && column}
                  fallback={
                    <th role="columnheader" scope="col" class="number">
                      {t().columns.share}
                    </th>
                  }
                >
                  {(statistic) => <SortHeader statistic={statistic()} order={props.order} sortBy={props.sortBy} />}
                </Show>
              )}
            </For>
          </tr>
        </thead>
        <tbody
          role="rowgroup"
          class="scroll"
          ref={(body) => {
            columns.body(body);
            visible.measure(body);
          }}
          onScroll={columns.followBody}
        >
          <tr aria-hidden="true" class="spacer" style={{ height: `${visible.above()}px` }} />
          <For each={visible.items()}>
            {(item) => (
              <Show when={props.list.rows()[item.index]}>
                {(row) => <UserRow row={row()} rank={item.index + 1} total={props.list.postCount()} />}
              </Show>
            )}
          </For>
          <tr aria-hidden="true" class="spacer" style={{ height: `${visible.below()}px` }} />
        </tbody>
      </table>
      <Show when={isPrinting() && props.list.hasMore()}>
        <p class="hint">{text().printed(props.list.rows().length)}</p>
      </Show>
      <Show when={props.list.failure()}>
        <Failed error={props.list.failure()} retry={() => void props.list.loadMore()} />
      </Show>
    </section>
  );
}

function SortHeader(props: { statistic: Order["by"]; order: Order; sortBy: (statistic: Order["by"]) => void }) {
  const isSorted = () => props.order.by === props.statistic;
  const isAscending = () => props.order.direction === "asc";
  return (
    <th
      role="columnheader"
      scope="col"
      class="number"
      aria-sort={isSorted() ? (isAscending() ? "ascending" : "descending") : undefined}
    >
      {/* The head of a table is repeated on every sheet, but without its buttons. */}
      <Show when={!isPrinting()} fallback={t().statistics[props.statistic]}>
        <button type="button" class="sort" onClick={() => props.sortBy(props.statistic)}>
          {t().statistics[props.statistic]}
          <Show when={isSorted()}>
            <span aria-hidden="true">{isAscending() ? "↑" : "↓"}</span>
          </Show>
        </button>
      </Show>
    </th>
  );
}

const UserRow = (props: { row: PosterStats["rows"][number]; rank: number; total: number }) => (
  <tr role="row" aria-rowindex={props.rank + 1} style={{ height: `${rowHeight_px}px` }}>
    <td role="cell" class="number rank">
      {number(props.rank)}
    </td>
    <th role="rowheader" scope="row" class="name">
      <UserLink user={props.row.User} aliases />
    </th>
    <For each={columnNames}>
      {(column) => (
        <td role="cell" class="number">
          {column === "share" ? percent(props.row.post_count / Math.max(1, props.total)) : number(props.row[column])}
        </td>
      )}
    </For>
  </tr>
);
