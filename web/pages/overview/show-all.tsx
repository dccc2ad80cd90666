import { useFilters } from "../../filters.ts";
import { texts } from "../../i18n/index.ts";

const text = texts({
  de: { showAll: "Alle anzeigen" },
  en: { showAll: "Show all" },
});

/** A link from a card with the top rows to the page with all rows. */
export function ShowAll(props: { path: string }) {
  const filters = useFilters();
  return <a href={filters.link(props.path)}>{text().showAll}</a>;
}
