/** The rows of the user table: the pages of the API that have been loaded so far, joined. */
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
  min_posts: string;
};

/** The URL of a page's `next`, which is a path of the API. */
const urlOf = (next: string) => new URL(below(next.slice(next.indexOf("/api/"))), document.baseURI).href;

/** Fetches the next page by its URL. The cast is safe because `next` leads to the same endpoint as the first page. */
const fetchNext = (next: string) =>
  answer(fetchKept(urlOf(next)) as unknown as ReturnType<(typeof api)["poster-stats"]["$get"]>);

/** Appends the kept pages that had been loaded after a page, if the reader is going back. */
function withRecalled({ rows, next, post_count }: PosterStats): PosterStats {
  const pages = [rows];
  for (let page: PosterStats | undefined; next !== undefined; next = page.next) {
    page = recalled(urlOf(next));
    if (!page) break;
    pages.push(page.rows);
  }
  return { rows: pages.flat(), post_count, ...(next === undefined ? {} : { next }) };
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
  /** The posts of all users in the selection. */
  const postCount = () => dataOf(first)?.post_count ?? 0;
  return { first, refetch, rows, hasMore: () => next() !== undefined, postCount, failure, loadMore };
}
