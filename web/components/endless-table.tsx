import { createWindowVirtualizer } from "@tanstack/solid-virtual";
import { createEffect, createSignal, For, type JSX, on, Show } from "solid-js";
import { usePageTitle } from "../current-page.ts";
import { number, t, texts } from "../i18n/index.ts";
import { isPrinting } from "../printing.ts";
import type { EndlessRows, ServerOrder } from "./endless-rows.ts";
import { Failed } from "./loaded.tsx";

const text = texts({
  de: {
    printed: (count: number) =>
      `Gedruckt sind die ersten ${number(count)} Zeilen: so viele waren geladen. Die CSV-Datei hat bis zu ${number(10_000)}.`,
  },
  en: {
    printed: (count) =>
      `These are the first ${number(count)} rows: as many as had been loaded. The CSV file has up to ${number(10_000)}.`,
  },
});

export interface EndlessColumn<Row, Sort extends string> {
  name: string;
  /** What the server sorts by when the column's name is clicked. */
  sort?: Sort;
  /** The row header, which stays in sight; the other columns are numbers. */
  isName?: boolean;
  cell: (row: Row) => JSX.Element;
}

/** More rows are requested when only this many are left below the window. */
const ahead = 40;

/** A table that renders only the rows in and around the window, so that 100,000 rows scroll smoothly. */
function useVisibleRows(list: EndlessRows<unknown>, rowHeight: () => number) {
  /** Pixels from the top of the document to the first row. */
  const [top, setTop] = createSignal(0);
  const measure = (body: HTMLElement) =>
    requestAnimationFrame(() => setTop(body.getBoundingClientRect().top + window.scrollY));
  const virtual = createWindowVirtualizer({
    get count() {
      return list.rows().length;
    },
    estimateSize: rowHeight,
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

/**
 * A table that loads more rows while it is scrolled. The roles are explicit because its parts are displayed as blocks
 * and grids.
 * @param props.class has the widths of the columns, see endless.css
 * @param props.rowHeight of every row, in pixels
 */
export function EndlessTable<Row, Sort extends string>(props: {
  class: string;
  rowHeight: number;
  columns: EndlessColumn<Row, Sort>[];
  list: EndlessRows<Row>;
  order: ServerOrder<Sort>;
  sortBy: (column: Sort) => void;
}) {
  const pageTitle = usePageTitle();
  const visible = useVisibleRows(props.list, () => props.rowHeight);
  const columns = useColumns();
  return (
    <section class="card">
      <table class={`endless ${props.class}`} role="table" aria-label={pageTitle()} aria-rowcount={-1}>
        <thead role="rowgroup" ref={columns.head} onScroll={columns.followHead}>
          <tr role="row" aria-rowindex={1}>
            <th role="columnheader" scope="col" class="number rank">
              {t().columns.rank}
            </th>
            <For each={props.columns}>
              {(column) => (
                <HeaderCell
                  name={column.name}
                  isName={column.isName ?? false}
                  direction={column.sort === props.order.by ? props.order.direction : undefined}
                  sort={column.sort === undefined ? undefined : () => props.sortBy(column.sort as Sort)}
                />
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
                {(row) => (
                  <BodyRow row={row()} rank={item.index + 1} height={props.rowHeight} columns={props.columns} />
                )}
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

/** The name of a column, as a button if the server can sort by it. */
const HeaderCell = (props: {
  name: string;
  isName: boolean;
  direction: "asc" | "desc" | undefined;
  sort: (() => void) | undefined;
}) => (
  <th
    role="columnheader"
    scope="col"
    class={props.isName ? "name" : "number"}
    aria-sort={props.direction && (props.direction === "asc" ? "ascending" : "descending")}
  >
    {/* The head of a table is repeated on every sheet, but without its buttons. */}
    <Show when={!isPrinting() && props.sort} fallback={props.name}>
      {(sort) => (
        <button type="button" class="sort" onClick={() => sort()()}>
          {props.name}
          <Show when={props.direction}>
            <span aria-hidden="true">{props.direction === "asc" ? "↑" : "↓"}</span>
          </Show>
        </button>
      )}
    </Show>
  </th>
);

const BodyRow = <Row, Sort extends string>(props: {
  row: Row;
  rank: number;
  height: number;
  columns: EndlessColumn<Row, Sort>[];
}) => (
  <tr role="row" aria-rowindex={props.rank + 1} style={{ height: `${props.height}px` }}>
    <td role="cell" class="number rank">
      {number(props.rank)}
    </td>
    <For each={props.columns}>
      {(column) => (
        <Show
          when={column.isName}
          fallback={
            <td role="cell" class="number">
              {column.cell(props.row)}
            </td>
          }
        >
          <th role="rowheader" scope="row" class="name">
            {column.cell(props.row)}
          </th>
        </Show>
      )}
    </For>
  </tr>
);
