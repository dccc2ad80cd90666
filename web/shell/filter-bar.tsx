import { createSignal, Show } from "solid-js";
import { lazyComponent } from "../components/lazy.tsx";
import { useSelection } from "../filters.ts";
import { t, texts } from "../i18n/index.ts";
import { type Filter, filterNames } from "../pages.ts";
import { BoardChip, UserChip } from "./name-chips.tsx";
import { YearChip } from "./year-chip.tsx";

const text = texts({
  de: { add: "Filter" },
  en: { add: "Filter" },
});

/** The box that completes years, boards and users needs much code: it is loaded when it is opened. */
const FilterBox = lazyComponent(() => import("./filter-box.tsx"), "2.25rem");

/**
 * What is selected, as chips on every page that has data, and a box that adds filters. A page that uses no filter shows
 * those that are set, so that they can be dropped.
 */
export function FilterBar() {
  const selection = useSelection();
  const [isAdding, setAdding] = createSignal(false);
  let bar: HTMLElement | undefined;
  const isSet = (filter: Filter) => selection.value(filter) !== "";
  /** Moves the focus from a control that has vanished to the chip in its place, or to the button that adds one. */
  const focus = (at: number) =>
    queueMicrotask(() => {
      const buttons = bar?.querySelectorAll<HTMLElement>(".chip .remove") ?? [];
      (buttons[Math.min(at, buttons.length - 1)] ?? bar?.querySelector<HTMLElement>(".add-filter"))?.focus();
    });
  const remove = (filter: Filter) => {
    const at = filterNames.filter(isSet).indexOf(filter);
    selection.set({ [filter]: "" });
    focus(at);
  };
  const close = () => {
    setAdding(false);
    queueMicrotask(() => bar?.querySelector<HTMLElement>(".add-filter")?.focus());
  };
  const usesAny = () => (selection.page()?.filters.length ?? 0) > 0;
  const hasData = () => selection.page() !== undefined && !selection.page()?.isInFooter;
  return (
    <Show when={usesAny() || (hasData() && filterNames.some(isSet))}>
      <section class="filter-bar" aria-label={t().filters.filters} ref={(element) => (bar = element)}>
        <YearChip remove={() => remove("year")} />
        <Show when={isSet("bid")}>
          <BoardChip remove={() => remove("bid")} />
        </Show>
        <Show when={isSet("uid")}>
          <UserChip remove={() => remove("uid")} />
        </Show>
        <Show when={usesAny()}>
          <Show
            when={isAdding()}
            fallback={
              <button
                type="button"
                class="button quiet add-filter"
                onPointerEnter={() => FilterBox.preload()}
                onFocus={() => FilterBox.preload()}
                onClick={() => setAdding(true)}
              >
                <span aria-hidden="true">+</span> {text().add}
              </button>
            }
          >
            <FilterBox close={close} />
          </Show>
        </Show>
      </section>
    </Show>
  );
}
