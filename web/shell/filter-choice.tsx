import { createResource, For, Show } from "solid-js";
import { answer, api } from "../api.ts";
import { dataOf } from "../components/loaded.tsx";
import { useSelection } from "../filters.ts";
import { t } from "../i18n/index.ts";

/** Selects year and board. A filter that the page does not use is disabled, but kept for the next page. */
export const FilterChoice = () => (
  <form class="filters" onSubmit={(event) => event.preventDefault()}>
    <YearChoice />
    <BoardChoice />
  </form>
);

function YearChoice() {
  const selection = useSelection();
  const [years] = createResource(() => answer(api.years.$get({ query: {} })));
  /** Years with data, and the year of the URL even without data, so that the selection is visible. */
  const offered = () => {
    const withData = dataOf(years)?.rows.map(({ year }) => String(year)) ?? [];
    return [...new Set([...withData, selection.year()])]
      .filter((year) => year !== "")
      .toSorted()
      .toReversed();
  };
  return (
    <label>
      {t().filters.year}
      <select
        name="year"
        disabled={!selection.isTaken("year")}
        title={selection.isTaken("year") ? undefined : t().filters.unusedYear}
        onChange={(event) => selection.set({ year: event.currentTarget.value })}
      >
        <option value="" selected={selection.year() === ""}>
          {t().filters.allYears}
        </option>
        <For each={offered()}>
          {(year) => (
            <option value={year} selected={selection.year() === year}>
              {year}
            </option>
          )}
        </For>
      </select>
    </label>
  );
}

function BoardChoice() {
  const selection = useSelection();
  const [boards] = createResource(() => answer(api.boards.$get({ query: {} })));
  /** Whether the board of the URL is unknown; it is offered nevertheless, so that the selection is visible. */
  const isUnknown = () =>
    selection.bid() !== "" && !dataOf(boards)?.rows.some(({ bid }) => String(bid) === selection.bid());
  return (
    <label>
      {t().filters.board}
      <select
        name="bid"
        disabled={!selection.isTaken("bid")}
        title={selection.isTaken("bid") ? undefined : t().filters.unusedBoard}
        onChange={(event) => selection.set({ bid: event.currentTarget.value })}
      >
        <option value="" selected={selection.bid() === ""}>
          {t().filters.allBoards}
        </option>
        <For each={dataOf(boards)?.rows.toSorted((a, b) => a.name.localeCompare(b.name))}>
          {({ bid, name }) => (
            <option value={bid} selected={selection.bid() === String(bid)}>
              {name}
            </option>
          )}
        </For>
        <Show when={isUnknown()}>
          <option value={selection.bid()} selected>
            #{selection.bid()}
          </option>
        </Show>
      </select>
    </label>
  );
}
