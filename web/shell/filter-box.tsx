import { Combobox } from "@kobalte/core/combobox";
import { createMemo, createResource, createSignal, onMount, Show } from "solid-js";
import { answer, api, type User } from "../api.ts";
import { debouncedLookup } from "../components/debounced-lookup.ts";
import { dataOf } from "../components/loaded.tsx";
import { displayName } from "../display-name.ts";
import { isTakenBy, useSelection } from "../filters.ts";
import { t, texts } from "../i18n/index.ts";
import type { Filter } from "../pages.ts";
import { type FilterGroup, type FilterOption, filterOptions } from "./filter-options.ts";
import { useYears } from "./selected-names.ts";

const text = texts({
  de: {
    label: "Filter hinzufügen: Jahr, Jahre von–bis, Forum oder Nutzer",
    placeholder: "2012, 2009–2012, Forum, Nutzer",
    none: "Kein Jahr, Forum oder Nutzer beginnt so.",
    unused: "hier ohne Wirkung",
  },
  en: {
    label: "Add a filter: year, years from–to, board or user",
    placeholder: "2012, 2009–2012, board, user",
    none: "No year, board or user begins like this.",
    unused: "not used here",
  },
});

const settle_ms = 120;

/** The options for what has been typed. */
function useOptions(typed: () => string) {
  const years = useYears();
  const [boards] = createResource(() => answer(api.boards.$get({ query: {} })));
  const [users, setUsers] = createSignal<User[]>([]);
  debouncedLookup(
    typed,
    settle_ms,
    async (q) => (await answer(api.users.$get({ query: { q, limit: "6" } }))).rows.map((row) => row.User),
    (rows) => setUsers(rows),
  );
  return createMemo(() =>
    filterOptions(typed(), {
      years: years(),
      boards: dataOf(boards)?.rows ?? [],
      users: users().map((user) => ({ ...user, name: displayName(user) })),
    }),
  );
}

/** Completes years, ranges of years, boards and users while typing; the chosen one becomes a filter. */
export default function FilterBox(props: { close: () => void }) {
  const selection = useSelection();
  const [typed, setTyped] = createSignal("");
  const groups = useOptions(typed);
  let input: HTMLInputElement | undefined;
  onMount(() => input?.focus());
  const names = (): Record<Filter, string> => ({
    year: t().filters.year,
    bid: t().filters.board,
    uid: t().filters.user,
  });
  const isUsed = ({ filter, value }: FilterOption) => isTakenBy(selection.page(), filter, value);
  const pick = (option: FilterOption | null) => {
    if (!option) return;
    selection.set({ [option.filter]: option.value });
    props.close();
  };
  return (
    <Combobox<FilterOption, FilterGroup>
      class="filter-box"
      options={groups()}
      optionGroupChildren="options"
      optionValue={({ filter, value }) => `${filter}=${value}`}
      optionTextValue="text"
      optionLabel="text"
      // Matching is done already.
      defaultFilter={() => true}
      onInputChange={setTyped}
      onChange={pick}
      onOpenChange={(isOpen) => isOpen || props.close()}
      defaultOpen
      triggerMode="focus"
      allowsEmptyCollection
      placeholder={text().placeholder}
      sectionComponent={(section) => (
        <Combobox.Section class="filter-group">{names()[section.section.rawValue.filter]}</Combobox.Section>
      )}
      itemComponent={(item) => (
        <Combobox.Item item={item.item} class="filter-option">
          <Combobox.ItemLabel>{item.item.rawValue.text}</Combobox.ItemLabel>
          <Show when={item.item.rawValue.detail}>
            <span class="aliases">{item.item.rawValue.detail}</span>
          </Show>
          <Show when={!isUsed(item.item.rawValue)}>
            <span class="aliases">{text().unused}</span>
          </Show>
        </Combobox.Item>
      )}
    >
      <Combobox.Control>
        <Combobox.Input
          ref={(element: HTMLInputElement) => {
            input = element;
          }}
          aria-label={text().label}
          onKeyDown={(event: KeyboardEvent) => event.key === "Escape" && props.close()}
        />
      </Combobox.Control>
      {/* In the page's main landmark: outside of all, assistive technology would not expect it. */}
      <Combobox.Portal mount={document.querySelector("main") ?? document.body}>
        <Combobox.Content class="filter-list">
          <Combobox.Listbox />
          <Show when={typed() !== "" && groups().length === 0}>
            <p class="aliases">{text().none}</p>
          </Show>
        </Combobox.Content>
      </Combobox.Portal>
    </Combobox>
  );
}
