import { createResource } from "solid-js";
import { answer, api } from "../api.ts";
import { useFilters } from "../filters.ts";
import { texts } from "../i18n/index.ts";
import { recapPath } from "../recap-path.ts";
import { recapYear } from "../recap-year.ts";
import { thisYear } from "../today.ts";
import { dataOf } from "./loaded.tsx";

const text = texts({
  de: { recap: (year: number) => `Rückblick ${year}` },
  en: { recap: (year) => `Recap ${year}` },
});

/** The year whose recap a page of the forum or a board links to; undefined until it is known. */
export function useRecapYear(): () => number | undefined {
  const filters = useFilters();
  const [years] = createResource(() => answer(api.years.$get({ query: {} })));
  return () => recapYear(filters.years(), dataOf(years)?.rows.map(({ year }) => year) ?? [], thisYear());
}

/** A link to the recap of a year, of the forum, a board or a user. It has its place before its year is known. */
export const RecapLink = (props: { year: number | undefined; bid?: string; uid?: string }) => (
  <a
    class="button"
    style={{ visibility: props.year ? undefined : "hidden" }}
    href={props.year ? recapPath(props.year, props) : undefined}
  >
    {text().recap(props.year ?? 2000)}
  </a>
);
