import { useLocation } from "@solidjs/router";

/** Addresses of the current page with another year, or with all years if that one is already selected. */
export function useYearLink(): (year: string) => string {
  const location = useLocation();
  return (year) => {
    const query = new URLSearchParams(location.search);
    if (query.get("year") === year) query.delete("year");
    else query.set("year", year);
    return query.size > 0 ? `${location.pathname}?${query}` : location.pathname;
  };
}
