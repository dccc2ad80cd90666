import { Index, Show } from "solid-js";
import type { SearchAnswer } from "../../api.ts";
import { number, texts } from "../../i18n/index.ts";
import { displayName } from "../../display-name.ts";

const text = texts({
  de: { narrow: "Eingrenzen", boards: "Foren", years: "Jahre", users: "Nutzer", clear: "Auswahl aufheben" },
  en: { narrow: "Narrow down", boards: "Boards", years: "Years", users: "Users", clear: "Clear selection" },
});

type Facets = NonNullable<SearchAnswer["facets"]>;
type Filter = "year" | "bid" | "uid";

/** Maximum number of buttons of a facet. */
const maxValues = 8;

/** The chosen values, "" for none, and a function that chooses others. */
export interface FacetProps extends Record<Filter, string> {
  facets: Facets | undefined;
  set: (next: Partial<Record<Filter, string>>) => void;
}

/** Numbers of hits by board, year and user. A click narrows the search down, and a second click widens it again. */
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
        values: users.map(({ uid, name, count }) => ({ value: String(uid), name: displayName({ uid, name }), count })),
      },
    ];
  };
  return (
    <div class="facets" role="group" aria-label={text().narrow}>
      {/* Index, not For, so that a pressed button keeps the focus while the counts change. */}
      <Index each={choices()}>
        {(choice) => {
          const chosen = () => props[choice().filter];
          const toggle = (value: string) => props.set({ [choice().filter]: chosen() === value ? "" : value });
          return (
            <Show when={choice().values.length > 0 || chosen() !== ""}>
              <div class="tools" role="group" aria-label={choice().name}>
                <span class="aliases">{choice().name}</span>
                {/* A choice without hits has no facet, but it must still be possible to clear it. */}
                <Show when={chosen() !== "" && !choice().values.some(({ value }) => value === chosen())}>
                  <button type="button" class="button quiet" aria-pressed={true} onClick={() => toggle(chosen())}>
                    {text().clear}
                  </button>
                </Show>
                <Index each={choice().values.slice(0, maxValues)}>
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
