import { createResource, createSignal, createUniqueId, Index, Show } from "solid-js";
import { answer, api, type SearchAnswer } from "../../api.ts";
import { dataOf } from "../../components/loaded.tsx";
import { displayName } from "../../display-name.ts";
import { number, texts } from "../../i18n/index.ts";
import { YearHistogram } from "./histogram.tsx";
import { type Period, periodOf } from "./period.ts";

const text = texts({
  de: { narrow: "Eingrenzen", facets: "Jahre, Foren, Nutzer", boards: "Foren", users: "Nutzer" },
  en: { narrow: "Narrow down", facets: "years, boards, users", boards: "Boards", users: "Users" },
});

export type Facets = NonNullable<SearchAnswer["facets"]>;

/** Maximum number of buttons of a facet. */
const maxValues = 8;

/** The chosen board, user and period, "" for none. */
export interface Chosen extends Period {
  bid: string;
  uid: string;
}

export interface FacetProps {
  facets: Facets | undefined;
  chosen: Chosen;
  set: (next: Partial<Chosen>) => void;
}

interface Value {
  value: string;
  name: string;
  count: number;
}

/** The most frequent values, and the chosen one if it is not among them. */
function offered(values: Value[], chosen: string): Value[] {
  const most = values.slice(0, maxValues);
  const missing = values.slice(maxValues).find(({ value }) => value === chosen);
  return missing ? [...most, missing] : most;
}

/**
 * Numbers of hits by year, board and user. A click narrows the search down, and a second click widens it again. On
 * narrow screens they are folded.
 */
export function SearchFacets(props: FacetProps) {
  const id = createUniqueId();
  const [isOpen, setOpen] = createSignal(false);
  const [years] = createResource(() => answer(api.years.$get({ query: {} })));
  const hasValues = () => Object.values(props.facets ?? {}).some(({ length }) => length > 0);
  /** Whether there are years to choose from, or a choice of years that may be changed. */
  const hasYears = () => {
    const { year, after, before } = props.chosen;
    return (props.facets?.years ?? []).length > 0 || year + after + before !== "";
  };
  return (
    <Show when={hasValues()}>
      <div class="facets" role="group" aria-label={text().narrow}>
        <button
          type="button"
          class="button fold"
          aria-expanded={isOpen()}
          aria-controls={id}
          onClick={() => setOpen(!isOpen())}
        >
          {text().narrow}: {text().facets}
        </button>
        <div id={id} class="facet-list">
          <Show when={hasYears()}>
            <YearHistogram
              years={props.facets?.years ?? []}
              withData={dataOf(years)?.rows.map(({ year }) => year) ?? []}
              period={props.chosen}
              set={(range) => props.set(periodOf(range))}
            />
          </Show>
          <Facet
            name={text().boards}
            chosen={props.chosen.bid}
            set={(bid) => props.set({ bid })}
            values={(props.facets?.boards ?? []).map(({ bid, name, count }) => ({ value: String(bid), name, count }))}
          />
          <Facet
            name={text().users}
            chosen={props.chosen.uid}
            set={(uid) => props.set({ uid })}
            values={(props.facets?.users ?? []).map(({ uid, name, count }) => ({
              value: String(uid),
              name: displayName({ uid, name }),
              count,
            }))}
          />
        </div>
      </div>
    </Show>
  );
}

function Facet(props: { name: string; chosen: string; values: Value[]; set: (value: string) => void }) {
  return (
    <Show when={props.values.length > 0}>
      <div class="tools" role="group" aria-label={props.name}>
        <span class="aliases">{props.name}</span>
        {/* Index, not For, so that a pressed button keeps the focus while the counts change. */}
        <Index each={offered(props.values, props.chosen)}>
          {(facet) => (
            <button
              type="button"
              class="button quiet"
              aria-pressed={props.chosen === facet().value}
              onClick={() => props.set(props.chosen === facet().value ? "" : facet().value)}
            >
              <span>{facet().name}</span> <span class="number">{number(facet().count)}</span>
            </button>
          )}
        </Index>
      </div>
    </Show>
  );
}
