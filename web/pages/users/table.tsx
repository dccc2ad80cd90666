import { createWindowVirtualizer } from "@tanstack/solid-virtual";
import { createEffect, createSignal, For, on, Show } from "solid-js";
import type { PosterStats } from "../../api.ts";
import { Failed } from "../../components/loaded.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { usePageTitle } from "../../current-page.ts";
import { number, t, texts } from "../../i18n/index.ts";
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

export function UserTable(props: { list: Rows; order: Order; sortBy: (statistic: Order["by"]) => void }) {
  const pageTitle = usePageTitle();
  const visible = useVisibleRows(props.list);
  return (
    <section class="card">
      <div class="scroll">
        <table class="users">
          <caption class="sr-only">{pageTitle()}</caption>
          <thead>
            <tr>
              <th scope="col" class="number">
                {t().columns.rank}
              </th>
              <th scope="col">{t().columns.user}</th>
              <For each={userStatistics}>
                {(statistic) => <SortHeader statistic={statistic} order={props.order} sortBy={props.sortBy} />}
              </For>
            </tr>
          </thead>
          <tbody ref={visible.measure}>
            <tr aria-hidden="true" class="spacer" style={{ height: `${visible.above()}px` }} />
            <For each={visible.items()}>
              {(item) => (
                <Show when={props.list.rows()[item.index]}>
                  {(row) => <UserRow row={row()} rank={item.index + 1} />}
                </Show>
              )}
            </For>
            <tr aria-hidden="true" class="spacer" style={{ height: `${visible.below()}px` }} />
          </tbody>
        </table>
      </div>
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
    <th scope="col" class="number" aria-sort={isSorted() ? (isAscending() ? "ascending" : "descending") : undefined}>
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

const UserRow = (props: { row: PosterStats["rows"][number]; rank: number }) => (
  <tr style={{ height: `${rowHeight_px}px` }}>
    <td class="number">{number(props.rank)}</td>
    <th scope="row">
      <UserLink user={props.row.User} aliases />
    </th>
    <For each={userStatistics}>{(statistic) => <td class="number">{number(props.row[statistic])}</td>}</For>
  </tr>
);
