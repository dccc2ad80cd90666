import { type JSX, Show } from "solid-js";
import { useSelection } from "../filters.ts";
import { t, texts } from "../i18n/index.ts";
import type { Filter } from "../pages.ts";

const text = texts({
  de: {
    unused: "hier ohne Wirkung",
    reasons: {
      year: "Diese Seite zeigt immer alle Jahre.",
      bid: "Diese Seite zeigt immer alle Foren.",
      uid: "Diese Seite zeigt immer alle Nutzer.",
    },
    single: "Diese Seite zeigt nur einzelne Jahre.",
    range: "Diese Seite stellt mehrere Jahre nebeneinander.",
    remove: (name: string) => `Filter ${name} entfernen`,
  },
  en: {
    unused: "not used here",
    reasons: {
      year: "This page always shows all years.",
      bid: "This page always shows all boards.",
      uid: "This page always shows all users.",
    },
    single: "This page shows single years only.",
    range: "This page compares several years.",
    remove: (name) => `Remove the filter ${name}`,
  },
});

/** One filter that is set: its name, its value, and a button that removes it. Says so if the page does not use it. */
export function Chip(props: {
  filter: Filter;
  name: string;
  value: string;
  remove: () => void;
  children: JSX.Element;
}) {
  const selection = useSelection();
  const isUnused = () => !selection.isTaken(props.filter);
  const reason = () => {
    const page = selection.page();
    if (props.filter === "year" && page?.years && page.filters.includes("year")) return text()[page.years];
    return text().reasons[props.filter];
  };
  return (
    <div
      class="chip"
      classList={{ unused: isUnused() }}
      data-filter={props.filter}
      data-value={isUnused() ? undefined : props.value}
      title={isUnused() ? reason() : undefined}
    >
      <span class="chip-name">{props.name}</span>
      {props.children}
      <Show when={isUnused()}>
        <span class="chip-note">
          {text().unused}
          <span class="sr-only">: {reason()}</span>
        </span>
      </Show>
      <button
        type="button"
        class="remove"
        aria-label={text().remove(`${props.name} ${props.value}`)}
        title={t().filters.all[props.filter]}
        onClick={() => props.remove()}
      >
        <span aria-hidden="true">×</span>
      </button>
    </div>
  );
}
