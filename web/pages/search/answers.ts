import { createEffect, createSignal, on } from "solid-js";
import { answer, api, recalled, type SearchAnswer } from "../../api.ts";
import type { Filter } from "../../pages.ts";

export interface SearchQuery extends Partial<Record<Filter | "uid", string>> {
  content: string;
  type: SearchAnswer["type"];
  sort: "score" | "date-desc" | "date-asc";
}

/** Whether there are more hits than those of an answer. */
export const hasMore = ({ next, next_offset }: SearchAnswer): boolean => (next ?? next_offset) !== undefined;

/** An answer with the hits of the page before it, unless those are of the other type. */
const joined = (before: SearchAnswer | undefined, next: SearchAnswer) =>
  (before?.type === next.type ? { ...next, results: [...before.results, ...next.results] } : next) as SearchAnswer;

/** The hits of a search, requested whenever it changes. An older answer never replaces a newer one. */
export function useAnswers(query: () => SearchQuery) {
  const [current, setCurrent] = createSignal<SearchAnswer>();
  const [failure, setFailure] = createSignal<unknown>();
  const [isBusy, setBusy] = createSignal(false);
  let latest = 0;

  /** The request for the hits after an answer; without one, for the first. */
  const queryAfter = (after?: SearchAnswer) => {
    const place =
      after?.next === undefined ? { offset: String(after?.next_offset ?? 0) } : { next: String(after.next) };
    return { ...query(), ...place, facets: "1" } as const;
  };
  /** On the way back, an answer with those that had been loaded after it. */
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
      // Hits stay when only more of them could not be loaded.
      if (!after) setCurrent(undefined);
      setFailure(error);
    } finally {
      if (request === latest) setBusy(false);
    }
  };
  createEffect(on(query, () => void search()));
  return { current, failure, isBusy, search };
}
