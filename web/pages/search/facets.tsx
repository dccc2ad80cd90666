import { Index, Show } from "solid-js";
import type { SearchAnswer } from "../../api.ts";
import { number, texts } from "../../i18n/index.ts";
import { nameOf } from "../../display-name.ts";

const text = texts({
  de: { narrow: "Eingrenzen", boards: "Foren", years: "Jahre", users: "Nutzer", clear: "Auswahl aufheben" },
  en: { narrow: "Narrow down", boards: "Boards", years: "Years", users: "Users", clear: "Clear selection" },
});

type Facets = NonNullable<SearchAnswer["facets"]>;
type Filter = "year" | "bid" | "uid";

/** Buttons of a facet. */
const most = 8;

/** The chosen values, "" for none, and how to choose others. */
export interface FacetProps extends Record<Filter, string> {
  facets: Facets | undefined;
  set: (next: Partial<Record<Filter, string>>) => void;
}

/** Hits by board, year and user: a click narrows the search down, a second one widens it again. */
export function SearchFacets(props: FacetProps) {
  const choices = (): { filter: Filter; name: string; values: { value: string; name: string; count: number }[] }[] => {
    const { boards, years, users } = props.facets ?? { boards: [], years: [], users: [] };
    return [
      {
        filter: "bid",
        name: text().boards,
        values: boards.map(({ bid, name, count }) => ({ value: String(bid), name, count })),
      },
      {
        filter: "year",
        name: text().years,
        values: years.map(({ year, count }) => ({ value: String(year), name: String(year), count })),
      },
      {
        filter: "uid",
        name: text().users,
        values: users.map(({ uid, name, count }) => ({ value: String(uid), name: nameOf({ uid, name }), count })),
      },
    ];
  };
  return (
    <div class="facets" role="group" aria-label={text().narrow}>
      {/* Index instead of For: a pressed button keeps the focus while the counts change. */}
      <Index each={choices()}>
        {(choice) => {
          const chosen = () => props[choice().filter];
          const toggle = (value: string) => props.set({ [choice().filter]: chosen() === value ? "" : value });
          return (
            <Show when={choice().values.length > 0 || chosen() !== ""}>
              <div class="tools" role="group" aria-label={choice().name}>
                <span class="aliases">{choice().name}</span>
                {/* A choice without hits has no count, but must still be there to be cleared. */}
                <Show when={chosen() !== "" && !choice().values.some(({ value }) => value === chosen())}>
                  <button type="button" class="button quiet" aria-pressed={true} onClick={() => toggle(chosen())}>
                    {text().clear}
                  </button>
                </Show>
                <Index each={choice().values.slice(0, most)}>
                  {(facet) => (
                    <button
                      type="button"
                      class="button quiet"
                      aria-pressed={chosen() === facet().value}
                      onClick={() => toggle(facet().value)}
                    >
                      {facet().name} <span class="number">{number(facet().count)}</span>
                    </button>
                  )}
                </Index>
              </div>
            </Show>
          );
        }}
      </Index>
    </div>
  );
}
