/** The rows of a list that the API returns in pages: those that have been loaded so far, joined. */
import { useSearchParams } from "@solidjs/router";
import type { ClientResponse } from "hono/client";
import { createEffect, createResource, createSignal } from "solid-js";
import { answer, fetchKept, recalled } from "../api.ts";
import { below } from "../base.ts";
import { single } from "../parameters.ts";
import { dataOf } from "./loaded.tsx";

/** Rows of a page. The first page of a screen fits a large screen twice. */
export const pageSize = "200";

/** The order of a list that the server sorts. */
export interface ServerOrder<Column extends string> {
  by: Column;
  direction: "asc" | "desc";
}

/**
 * The order of a list, kept in the URL.
 * @returns the order, and a function that sorts by a column: the largest first, and the other way round the second time
 */
export function useServerOrder<Column extends string>(columns: readonly Column[], initial: Column) {
  const [parameters, setParameters] = useSearchParams();
  const order = (): ServerOrder<Column> => ({
    by: columns.find((column) => column === single(parameters["order_by"])) ?? initial,
    direction: parameters["order"] === "asc" ? "asc" : "desc",
  });
  const sortBy = (column: Column) => {
    const isReversed = column === order().by && order().direction === "desc";
    setParameters({ order_by: column, order: isReversed ? "asc" : "" });
  };
  return [order, sortBy] as const;
}

interface PageOfRows {
  rows: unknown[];
  /** A path of the API, unless it is the last page. */
  next?: string | undefined;
}

/** The URL of a page's `next`. */
const urlOf = (next: string) => new URL(below(next.slice(next.indexOf("/api/"))), document.baseURI).href;

/** Fetches the next page by its URL. The cast is safe because `next` leads to the same endpoint as the first page. */
const fetchNext = async <Page extends PageOfRows>(next: string): Promise<Page> =>
  (await answer(fetchKept(urlOf(next)) as unknown as Promise<ClientResponse<PageOfRows, 200, "json">>)) as Page;

/** Appends the kept pages that had been loaded after a page, if the reader is going back. */
function withRecalled<Page extends PageOfRows>(page: Page) {
  const pages = [page.rows];
  let { next } = page;
  while (next !== undefined) {
    const following = recalled<Page>(urlOf(next));
    if (!following) break;
    pages.push(following.rows);
    next = following.next;
  }
  return { rows: pages.flat(), next };
}

export interface EndlessRows<Row> {
  rows: () => Row[];
  hasMore: () => boolean;
  failure: () => unknown;
  loadMore: () => Promise<void>;
}

/** @param fetchFirst requests the first page */
export function useEndlessRows<Query, Page extends PageOfRows>(
  query: () => Query,
  fetchFirst: (query: Query) => Promise<Page>,
) {
  type Row = Page["rows"][number];
  const [first, { refetch }] = createResource(query, fetchFirst);
  const [rows, setRows] = createSignal<Row[]>([]);
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
      const page = await fetchNext<Page>(requested);
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
  const list: EndlessRows<Row> = { rows, hasMore: () => next() !== undefined, failure, loadMore };
  return { ...list, first, refetch };
}
