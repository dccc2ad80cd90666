import { For } from "solid-js";
import { useSelection } from "../filters.ts";
import { t } from "../i18n/index.ts";
import { type Filter, filterNames } from "../pages.ts";

/** Says which of the selected filters, that the page uses, do not hold for a card: "alle Foren". */
export function Scope(props: { ignores: readonly Filter[] | undefined }) {
  const selection = useSelection();
  const ignored = () =>
    filterNames.filter(
      (filter) => props.ignores?.includes(filter) && selection.value(filter) !== "" && selection.isTaken(filter),
    );
  return <For each={ignored()}>{(filter) => <span class="scope">{t().filters.all[filter]}</span>}</For>;
}
