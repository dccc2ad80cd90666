import { useParams } from "@solidjs/router";
import { below } from "./base.ts";
import { useFilters } from "./filters.ts";

/** Returns the address of a day, with the calendar of its year, for the board and user of the page's path or query. */
export function useDayLink(): (iso: string, statistic?: string) => string {
  const filters = useFilters();
  const parameters = useParams<{ bid?: string; uid?: string }>();
  return (iso, statistic = "") => {
    const year = String(Number(iso.slice(0, 4)));
    const query = {
      year,
      ...filters.only("bid"),
      ...filters.only("uid"),
      ...(parameters.bid ? { bid: parameters.bid } : {}),
      ...(parameters.uid ? { uid: parameters.uid } : {}),
      ...(statistic === "" ? {} : { statistic }),
      day: iso,
    };
    return below(`/days?${new URLSearchParams(query)}`);
  };
}
