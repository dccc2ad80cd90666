/** The filters year and board: the only global state. It is in the URL, so that every view can be linked. */
import { useSearchParams } from "@solidjs/router";
import { untrack } from "solid-js";
import { below } from "./base.ts";
import { useCurrentPage } from "./current-page.ts";
import type { Filter } from "./pages.ts";
import { idOf, yearOf } from "./parameters.ts";

/** The selection in the side bar, "" for all. A page may use only a part of it. */
export function useSelection() {
  const [parameters, setParameters] = useSearchParams();
  const page = useCurrentPage();
  return {
    year: () => yearOf(parameters["year"]),
    bid: () => idOf(parameters["bid"]),
    /** Whether the current page uses this filter. */
    isTaken: (filter: Filter) => page()?.filters.includes(filter) ?? false,
    set: (next: Partial<Record<Filter, string>>) => setParameters(next),
  };
}

/** The part of the selection that the page uses: filters missing from its entry in pages.ts are never set. */
export function useFilters() {
  const selection = useSelection();
  // Read once: otherwise a page would repeat its requests with the next page's filters while it is being left.
  const taken = untrack(() => (["year", "bid"] as const).filter(selection.isTaken));
  const value = (filter: Filter) => (taken.includes(filter) ? selection[filter]() : "");
  const only = <F extends Filter>(filter: F): { [name in F]?: string } =>
    (value(filter) ? { [filter]: value(filter) } : {}) as { [name in F]?: string };
  return {
    year: () => value("year"),
    bid: () => value("bid"),
    /** Query parameters of the API. */
    query: (): { [name in Filter]?: string } => ({ ...only("year"), ...only("bid") }),
    /** Only one filter, for requests that do not depend on the other. */
    only,
    /** The URL of another page with the whole selection. */
    link: (path: string): string => {
      const query = new URLSearchParams();
      if (selection.year()) query.set("year", selection.year());
      if (selection.bid()) query.set("bid", selection.bid());
      return below(query.size > 0 ? `${path}?${query}` : path);
    },
  };
}

/** Another choice that is kept in the URL, such as the statistic; the default is omitted. */
export function useChoice<T extends string>(name: string, choices: readonly T[], initial: T) {
  const [parameters, setParameters] = useSearchParams();
  const chosen = (): T => choices.find((choice) => choice === parameters[name]) ?? initial;
  return [chosen, (next: T) => setParameters({ [name]: next === initial ? "" : next })] as const;
}
