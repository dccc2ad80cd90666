import { useFilters } from "../../filters.ts";
import { texts } from "../../i18n/index.ts";

const text = texts({
  de: { showAll: "Alle anzeigen" },
  en: { showAll: "Show all" },
});

/** Leads to the page that shows all of what a card shows the top of. */
export function ShowAll(props: { path: string }) {
  const filters = useFilters();
  return <a href={filters.link(props.path)}>{text().showAll}</a>;
}
