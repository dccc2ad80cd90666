/** The rows of the user table: pages of the API, joined as far as they were loaded. */
import { createEffect, createResource, createSignal } from "solid-js";
import { answer, api, fetchKept, type PosterStats, recalled } from "../../api.ts";
import { below } from "../../base.ts";
import { dataOf } from "../../components/loaded.tsx";
import type { Filter } from "../../pages.ts";
import type { userStatistics } from "../../statistics.ts";

const pageSize = 200;

type Query = { [name in Filter]?: string } & {
  order_by: (typeof userStatistics)[number];
  order: "asc" | "desc";
};

/** The URL of a page's `next`, which is a path of the API. */
const urlOf = (next: string) => new URL(below(next.slice(next.indexOf("/api/"))), document.baseURI).href;

const fetchNext = (next: string) =>
  answer(fetchKept(urlOf(next)) as unknown as ReturnType<(typeof api)["poster-stats"]["$get"]>);

/** On the way back, a page with those that had been loaded after it. */
function withRecalled({ rows, next }: PosterStats): PosterStats {
  const pages = [rows];
  for (let page: PosterStats | undefined; next !== undefined; next = page.next) {
    page = recalled(urlOf(next));
    if (!page) break;
    pages.push(page.rows);
  }
  return { rows: pages.flat(), ...(next === undefined ? {} : { next }) };
}

export type Rows = ReturnType<typeof useRows>;

export function useRows(query: () => Query) {
  const [first, { refetch }] = createResource(query, (source) =>
    answer(api["poster-stats"].$get({ query: { ...source, limit: String(pageSize) } })),
  );
  const [rows, setRows] = createSignal<PosterStats["rows"]>([]);
  const [next, setNext] = createSignal<string>();
  const [failure, setFailure] = createSignal<unknown>();
  createEffect(() => {
    const data = dataOf(first);
    if (!data) return;
    const page = withRecalled(data);
    setRows(page.rows);
    setNext(page.next);
    setFailure(undefined);
  });

  let isLoading = false;
  const loadMore = async () => {
    const requested = next();
    if (!requested || isLoading) return;
    isLoading = true;
    setFailure(undefined);
    try {
      const page = await fetchNext(requested);
      // The selection may have changed meanwhile.
      if (next() !== requested) return;
      setRows((before) => [...before, ...page.rows]);
      setNext(page.next);
    } catch (error) {
      setFailure(error);
    } finally {
      isLoading = false;
    }
  };
  return { first, refetch, rows, failure, loadMore };
}
