import { below } from "./base.ts";
import { useFilters } from "./filters.ts";

/** Returns the address of a day, with the calendar of its year, for the selected board and user. */
export function useDayLink(): (iso: string, statistic?: string) => string {
  const filters = useFilters();
  return (iso, statistic = "") => {
    const year = String(Number(iso.slice(0, 4)));
    const query = {
      year,
      ...filters.only("bid"),
      ...filters.only("uid"),
      ...(statistic === "" ? {} : { statistic }),
      day: iso,
    };
    return below(`/days?${new URLSearchParams(query)}`);
  };
}
