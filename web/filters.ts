/** Year and board: the only global state. It is in the URL, so that every view is a link. */
import { useSearchParams } from "@solidjs/router";
import { untrack } from "solid-js";
import { below } from "./base.ts";
import { useCurrentPage } from "./current-page.ts";
import type { Filter } from "./pages.ts";
import { idOf, yearOf } from "./parameters.ts";

/** The whole selection of the side bar, "" for all; a page may take less of it. */
export function useSelection() {
  const [parameters, setParameters] = useSearchParams();
  const page = useCurrentPage();
  return {
    year: () => yearOf(parameters["year"]),
    bid: () => idOf(parameters["bid"]),
    /** Whether the current page takes this filter. */
    isTaken: (filter: Filter) => page()?.filters.includes(filter) ?? false,
    set: (next: Partial<Record<Filter, string>>) => setParameters(next),
  };
}

/** The selection as the page may use it: a filter that its entry in pages.ts does not name is never set. */
export function useFilters() {
  const selection = useSelection();
  // Read once: while a page is being left, the next page's filters would make it send its requests again.
  const taken = untrack(() => (["year", "bid"] as const).filter(selection.isTaken));
  const value = (filter: Filter) => (taken.includes(filter) ? selection[filter]() : "");
  const only = <F extends Filter>(filter: F): { [name in F]?: string } =>
    (value(filter) ? { [filter]: value(filter) } : {}) as { [name in F]?: string };
  return {
    year: () => value("year"),
    bid: () => value("bid"),
    /** As the API takes them. */
    query: (): { [name in Filter]?: string } => ({ ...only("year"), ...only("bid") }),
    /** One of them, for what does not depend on the other. */
    only,
    /** The URL of another page, with the whole selection kept. */
    link: (path: string): string => {
      const query = new URLSearchParams();
      if (selection.year()) query.set("year", selection.year());
      if (selection.bid()) query.set("bid", selection.bid());
      return below(query.size > 0 ? `${path}?${query}` : path);
    },
  };
}

/** One more value in the URL, such as the chosen statistic; the default is left out. */
export function useChoice<T extends string>(name: string, choices: readonly T[], initial: T) {
  const [parameters, setParameters] = useSearchParams();
  const chosen = (): T => choices.find((choice) => choice === parameters[name]) ?? initial;
  return [chosen, (next: T) => setParameters({ [name]: next === initial ? "" : next })] as const;
}
