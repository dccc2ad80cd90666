/** The filters year, board and user: the only global state. It is in the URL, so that every view can be linked. */
import { useSearchParams } from "@solidjs/router";
import { untrack } from "solid-js";
import { below } from "./base.ts";
import { useCurrentPage } from "./current-page.ts";
import { type Filter, filterNames, type PageEntry } from "./pages.ts";
import { idOf, yearsOf } from "./parameters.ts";

/** Values of filters, as in URLs and in the API. */
export type FilterValues = { [name in Filter]?: string };

/** Whether a page uses a filter with this value: some use only single years, or only ranges of years. */
export function isTakenBy(page: PageEntry | undefined, filter: Filter, value: string): boolean {
  if (!page?.filters.includes(filter)) return false;
  if (filter !== "year" || page.years === undefined || value === "") return true;
  return (page.years === "range") === value.includes("-");
}

/** The selection, as a page reads it from the URL; "" for all. */
function useValues() {
  const [parameters, setParameters] = useSearchParams();
  const valueFor = (page: PageEntry | undefined, filter: Filter): string => {
    if (filter === "year") return yearsOf(parameters["year"]);
    return filter === "uid" && page?.hasOwnUsers ? "" : idOf(parameters[filter]);
  };
  return { valueFor, set: (next: FilterValues) => setParameters(next) };
}

/** The selection in the filter bar. A page may use only a part of it. */
export function useSelection() {
  const page = useCurrentPage();
  const { valueFor, set } = useValues();
  const value = (filter: Filter) => valueFor(page(), filter);
  return {
    page,
    /** "" for all. A year may be a range such as "2009-2012". */
    value,
    /** Whether the current page uses this filter as it is set. */
    isTaken: (filter: Filter) => isTakenBy(page(), filter, value(filter)),
    set,
    /** The URL of a page with the whole selection, or with other values; "" drops one. */
    link: (path: string, changes: FilterValues = {}): string => {
      const query = new URLSearchParams();
      for (const filter of filterNames) {
        const next = changes[filter] ?? value(filter);
        // A user's page has its user in its path.
        if (next !== "" && !(filter === "uid" && path.startsWith("/users/"))) query.set(filter, next);
      }
      return below(query.size > 0 ? `${path}?${query}` : path);
    },
  };
}

/** The part of the selection that the page uses: filters missing from its entry in pages.ts are never set. */
export function useFilters() {
  const { link } = useSelection();
  const { valueFor } = useValues();
  // Read once: otherwise a page would repeat its requests with the next page's filters while it is being left.
  const page = untrack(useCurrentPage());
  const value = (filter: Filter) => {
    const selected = valueFor(page, filter);
    return isTakenBy(page, filter, selected) ? selected : "";
  };
  const only = <F extends Filter>(filter: F): { [name in F]?: string } =>
    (value(filter) ? { [filter]: value(filter) } : {}) as { [name in F]?: string };
  return {
    /** The selected year; "" for all, and for a range of years. */
    year: () => (value("year").includes("-") ? "" : value("year")),
    /** The selected year or range of years. */
    years: () => value("year"),
    bid: () => value("bid"),
    uid: () => value("uid"),
    /** Query parameters of the API. */
    query: (): FilterValues => ({ ...only("year"), ...only("bid"), ...only("uid") }),
    /** Only one filter, for requests that do not depend on the others. */
    only,
    /** The URL of another page with the whole selection, or with other values. */
    link,
  };
}

/** Another choice that is kept in the URL, such as the statistic; the default is omitted. */
export function useChoice<T extends string>(name: string, choices: readonly T[], initial: T) {
  const [parameters, setParameters] = useSearchParams();
  const chosen = (): T => choices.find((choice) => choice === parameters[name]) ?? initial;
  return [chosen, (next: T) => setParameters({ [name]: next === initial ? "" : next })] as const;
}
