import { batch, createEffect, createSignal, on } from "solid-js";
import { answer, api, recalled, type SearchAnswer } from "../../api.ts";
import type { Filter } from "../../pages.ts";
import { withoutLastToken } from "./operator-token.ts";

export interface SearchQuery extends Partial<Record<Filter | "uid" | "after" | "before", string>> {
  content: string;
  type: SearchAnswer["type"];
  sort: "score" | "date-desc" | "date-asc";
  group?: "thread";
}

/** Whether there are more hits after those of an answer. */
export const hasMore = ({ next, next_offset }: SearchAnswer): boolean => (next ?? next_offset) !== undefined;

/** Prepends the hits of the previous answer, unless they are of the other type. */
const joined = (before: SearchAnswer | undefined, next: SearchAnswer) =>
  (before?.type === next.type
    ? { ...next, authors: before.authors, results: [...before.results, ...next.results] }
    : next) as SearchAnswer;

/** Requests the hits of a search whenever it changes. An older answer never replaces a newer one. */
export function useAnswers(query: () => SearchQuery) {
  const [current, setCurrent] = createSignal<SearchAnswer>();
  const [answered, setAnswered] = createSignal<SearchQuery>();
  const [incomplete, setIncomplete] = createSignal<string>();
  const [failure, setFailure] = createSignal<unknown>();
  const [isBusy, setBusy] = createSignal(false);
  let latest = 0;
  let pending: AbortController | undefined;

  /** The query for the hits after an answer, or for the first ones if there is no answer. */
  const queryAfter = (after?: SearchAnswer) => {
    const position =
      after?.next === undefined ? { offset: String(after?.next_offset ?? 0) } : { next: String(after.next) };
    return { ...query(), ...position, facets: "1", disjunctive: "1" } as const;
  };
  /** Appends the kept answers that had been loaded after an answer, if the reader is going back. */
  const withRecalled = (first: SearchAnswer): SearchAnswer => {
    if (!hasMore(first)) return first;
    const next = recalled<SearchAnswer>(api.search.$url({ query: queryAfter(first) }).href);
    return next ? withRecalled(joined(first, next)) : first;
  };
  const show = (found: SearchAnswer | undefined, error?: unknown) =>
    batch(() => {
      setCurrent(found);
      setAnswered(found && query());
      setIncomplete(undefined);
      setFailure(error);
      setBusy(false);
    });

  /** Shows the hits without the last filter while its value is being typed. */
  const showIncomplete = async (filter: string | undefined, request: number, signal: AbortSignal) => {
    const content = withoutLastToken(query().content);
    const isKnown = current()?.type === query().type && answered()?.content.trim() === content.trim();
    const isEmpty = content.trim() === "" && query().uid === undefined;
    const first = { ...queryAfter(), content };
    const found =
      isKnown || isEmpty ? undefined : await answer(api.search.$get({ query: first }, { init: { signal } }));
    if (request !== latest) return;
    batch(() => {
      if (!isKnown) show(found);
      if (found) setAnswered({ ...query(), content });
      setIncomplete(filter);
      setFailure(undefined);
      setBusy(false);
    });
  };
  const search = async (after?: SearchAnswer) => {
    const request = ++latest;
    pending?.abort();
    if (query().content.trim() === "" && query().uid === undefined) return show(undefined);
    const { signal } = (pending = new AbortController());
    setBusy(true);
    try {
      const next = await answer(api.search.$get({ query: queryAfter(after) }, { init: { signal } }));
      if (request !== latest) return;
      if (next.is_completing) await showIncomplete(next.unknown_filter, request, signal);
      else show(withRecalled(joined(after && current(), next)));
    } catch (error) {
      // If only loading more hits failed, those already shown are kept.
      if (request === latest) show(after && current(), error);
    }
  };
  createEffect(on(query, () => void search()));
  return {
    current,
    /** The query that the current answer belongs to. */
    answered,
    /** The filter at the end of the query whose value is not yet complete. */
    incomplete,
    failure,
    isBusy,
    search,
  };
}
