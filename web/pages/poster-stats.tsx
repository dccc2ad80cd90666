import { useNavigate, useSearchParams } from "@solidjs/router";
import { createWindowVirtualizer } from "@tanstack/solid-virtual";
import { createEffect, createMemo, createResource, createSignal, For, on, Show } from "solid-js";
import { answer, api, ask, type PosterStats, recalled } from "../api.ts";
import { below } from "../base.ts";
import { dataOf, Empty, Failed, Loaded } from "../components/loaded.tsx";
import { CsvLink, Page } from "../components/page.tsx";
import { UserBox } from "../components/user-box.tsx";
import { UserLink } from "../components/user-link.tsx";
import { useFilters } from "../filters.ts";
import { number, t } from "../i18n/index.ts";
import { userStatistics as columns } from "../statistics.ts";

type Column = (typeof columns)[number];

/** Rows a page, and the height of one in pixels. */
const pageSize = 200;
const rowHeight = 40;

/** The address of a page's `next`, which tells the path within our API. */
const addressOf = (next: string) => new URL(below(next.slice(next.indexOf("/api/"))), document.baseURI).href;

const follow = (next: string) =>
  answer(ask(addressOf(next)) as unknown as ReturnType<(typeof api)["poster-stats"]["$get"]>);

/** A page with those that were loaded after it, on the way back. */
function withRecalled({ rows, next }: PosterStats): PosterStats {
  const pages = [rows];
  for (let page: PosterStats | undefined; next !== undefined; next = page.next) {
    page = recalled(addressOf(next));
    if (!page) break;
    pages.push(page.rows);
  }
  return { rows: pages.flat(), ...(next === undefined ? {} : { next }) };
}

/** Every user of the selection, sorted by the server; rows load while scrolling. */
export default function PosterStatsPage() {
  const filters = useFilters();
  const navigate = useNavigate();
  const [parameters, setParameters] = useSearchParams<{ order_by?: string; order?: string }>();
  const orderBy = (): Column => columns.find((column) => column === parameters.order_by) ?? "post_count";
  const order = () => (parameters.order === "asc" ? "asc" : "desc");
  const asked = createMemo(() => ({ ...filters.query(), order_by: orderBy(), order: order() }) as const);
  const [first, { refetch }] = createResource(asked, (query) =>
    answer(api["poster-stats"].$get({ query: { ...query, limit: String(pageSize) } })),
  );
  const [rows, setRows] = createSignal<PosterStats["rows"]>([]);
  const [next, setNext] = createSignal<string>();
  const [failure, setFailure] = createSignal<unknown>();
  createEffect(() => {
    const answered = dataOf(first);
    if (!answered) return;
    const page = withRecalled(answered);
    setRows(page.rows);
    setNext(page.next);
    setFailure(undefined);
  });

  let loading = false;
  const loadMore = async () => {
    const address = next();
    if (!address || loading) return;
    loading = true;
    setFailure(undefined);
    try {
      const page = await follow(address);
      // Another selection may have been made meanwhile.
      if (next() !== address) return;
      setRows((known) => [...known, ...page.rows]);
      setNext(page.next);
    } catch (error) {
      setFailure(error);
    } finally {
      loading = false;
    }
  };

  /** Pixels from the top of the page to the first row. */
  const [above, setAbove] = createSignal(0);
  const measure = (body: HTMLElement) =>
    requestAnimationFrame(() => setAbove(body.getBoundingClientRect().top + window.scrollY));
  const virtual = createWindowVirtualizer({
    get count() {
      return rows().length;
    },
    estimateSize: () => rowHeight,
    overscan: 12,
    get scrollMargin() {
      return above();
    },
  });
  createEffect(
    on(
      () => virtual.getVirtualItems().at(-1)?.index ?? 0,
      (last) => {
        if (failure() === undefined && last >= rows().length - 40) void loadMore();
      },
    ),
  );
  const items = () => virtual.getVirtualItems();
  const before = () => Math.max(0, (items()[0]?.start ?? above()) - above());
  const after = () => Math.max(0, virtual.getTotalSize() - ((items().at(-1)?.end ?? above()) - above()));

  const sortBy = (column: Column) =>
    setParameters({ order_by: column, order: column === orderBy() && order() === "desc" ? "asc" : "" });

  return (
    <Page
      title={t().users.title}
      lead={t().users.lead}
      tools={
        <>
          <UserBox
            label={t().users.filter}
            choose={({ uid }) => navigate(filters.link(`/users/${uid}`), { resolve: false })}
          />
          <CsvLink path="poster-stats" query={{ ...asked(), limit: "10000" }} />
        </>
      }
    >
      <Loaded resource={first} refetch={refetch} height="40rem">
        {(data) => (
          <Empty when={data().rows.length === 0}>
            <section class="card">
              <div class="scroll">
                <table class="users">
                  <caption class="sr-only">{t().users.title}</caption>
                  <thead>
                    <tr>
                      <th scope="col" class="number">
                        {t().columns.rank}
                      </th>
                      <th scope="col">{t().columns.user}</th>
                      <For each={columns}>
                        {(column) => (
                          <th
                            scope="col"
                            class="number"
                            aria-sort={
                              orderBy() === column ? (order() === "asc" ? "ascending" : "descending") : undefined
                            }
                          >
                            <button type="button" class="sort" onClick={() => sortBy(column)}>
                              {t().statistics[column]}
                              <Show when={orderBy() === column}>
                                <span aria-hidden="true">{order() === "asc" ? "↑" : "↓"}</span>
                              </Show>
                            </button>
                          </th>
                        )}
                      </For>
                    </tr>
                  </thead>
                  <tbody ref={measure}>
                    <tr aria-hidden="true" class="spacer" style={{ height: `${before()}px` }} />
                    <For each={items()}>
                      {(item) => (
                        <Show when={rows()[item.index]}>
                          {(row) => (
                            <tr style={{ height: `${rowHeight}px` }}>
                              <td class="number">{number(item.index + 1)}</td>
                              <th scope="row">
                                <UserLink user={row().User} aliases />
                              </th>
                              <For each={columns}>{(column) => <td class="number">{number(row()[column])}</td>}</For>
                            </tr>
                          )}
                        </Show>
                      )}
                    </For>
                    <tr aria-hidden="true" class="spacer" style={{ height: `${after()}px` }} />
                  </tbody>
                </table>
              </div>
              <Show when={failure()}>
                <Failed error={failure()} again={() => void loadMore()} />
              </Show>
            </section>
          </Empty>
        )}
      </Loaded>
    </Page>
  );
}
