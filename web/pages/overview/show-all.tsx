import { useFilters } from "../../filters.ts";
import { texts } from "../../i18n/index.ts";

const text = texts({
  de: { showAll: "Alle anzeigen", more: "Mehr" },
  en: { showAll: "Show all", more: "More" },
});

/** A link from a card with the top rows to the page with all rows; in a narrow card with a short text. */
export function ShowAll(props: { path: string; isShort?: boolean }) {
  const filters = useFilters();
  return <a href={filters.link(props.path)}>{props.isShort ? text().more : text().showAll}</a>;
}
