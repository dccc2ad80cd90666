import { createEffect, createSignal, on } from "solid-js";
import { answer, api, recalled, type SearchAnswer } from "../../api.ts";
import type { Filter } from "../../pages.ts";

export interface SearchQuery extends Partial<Record<Filter | "uid", string>> {
  content: string;
  type: SearchAnswer["type"];
  sort: "score" | "date-desc" | "date-asc";
}

/** Whether there are more hits after those of an answer. */
export const hasMore = ({ next, next_offset }: SearchAnswer): boolean => (next ?? next_offset) !== undefined;

/** Prepends the hits of the previous answer, unless they are of the other type. */
const joined = (before: SearchAnswer | undefined, next: SearchAnswer) =>
  (before?.type === next.type ? { ...next, results: [...before.results, ...next.results] } : next) as SearchAnswer;

/** Requests the hits of a search whenever it changes. An older answer never replaces a newer one. */
export function useAnswers(query: () => SearchQuery) {
  const [current, setCurrent] = createSignal<SearchAnswer>();
  const [failure, setFailure] = createSignal<unknown>();
  const [isBusy, setBusy] = createSignal(false);
  let latest = 0;

  /** The query for the hits after an answer, or for the first ones if there is no answer. */
  const queryAfter = (after?: SearchAnswer) => {
    const position =
      after?.next === undefined ? { offset: String(after?.next_offset ?? 0) } : { next: String(after.next) };
    return { ...query(), ...position, facets: "1" } as const;
  };
  /** Appends the kept answers that had been loaded after an answer, if the reader is going back. */
  const withRecalled = (first: SearchAnswer): SearchAnswer => {
    if (!hasMore(first)) return first;
    const next = recalled<SearchAnswer>(api.search.$url({ query: queryAfter(first) }).href);
    return next ? withRecalled(joined(first, next)) : first;
  };

  const search = async (after?: SearchAnswer) => {
    const request = ++latest;
    if (query().content.trim() === "" && query().uid === undefined) {
      setCurrent(undefined);
      setFailure(undefined);
      setBusy(false);
      return;
    }
    setBusy(true);
    try {
      const next = await answer(api.search.$get({ query: queryAfter(after) }));
      if (request !== latest) return;
      setCurrent(withRecalled(joined(after && current(), next)));
      setFailure(undefined);
    } catch (error) {
      if (request !== latest) return;
      // If only loading more hits failed, those already shown are kept.
      if (!after) setCurrent(undefined);
      setFailure(error);
    } finally {
      if (request === latest) setBusy(false);
    }
  };
  createEffect(on(query, () => void search()));
  return { current, failure, isBusy, search };
}
