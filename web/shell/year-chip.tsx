import { createSignal, For, onCleanup, onMount, Show } from "solid-js";
import { useSelection } from "../filters.ts";
import { t, texts } from "../i18n/index.ts";
import { yearSpan } from "../parameters.ts";
import { Chip } from "./chip.tsx";
import { useYears } from "./selected-names.ts";
import { nextYears } from "./year-steps.ts";

const text = texts({
  de: {
    earlier: "Ein Jahr zurück (Taste [)",
    later: "Ein Jahr vor (Taste ])",
    until: "bis",
    lastYear: "Letztes Jahr des Zeitraums",
    single: "…",
    all: "alle Jahre",
  },
  en: {
    earlier: "One year back (key [)",
    later: "One year on (key ])",
    until: "to",
    lastYear: "Last year of the range",
    single: "…",
    all: "all years",
  },
});

const steps: Partial<Record<string, 1 | -1>> = { "[": -1, "]": 1 };

/** Whether a key is typed as text. On many keyboards brackets need AltGr, which browsers report as Ctrl and Alt. */
const isTyped = (event: KeyboardEvent) => !event.metaKey && event.ctrlKey === event.altKey;
const isInField = (event: KeyboardEvent) => /^(?:INPUT|SELECT|TEXTAREA)$/.test((event.target as HTMLElement).tagName);

/** The selected year or years. Buttons and the keys [ and ] step through the years; without a chip, only the keys. */
export function YearChip(props: { remove: () => void }) {
  const selection = useSelection();
  const years = useYears();
  const [announced, announce] = createSignal("");
  const selected = () => selection.value("year");
  const step = (by: 1 | -1) => {
    const next = nextYears(selected(), by, years());
    if (next === undefined) return;
    selection.set({ year: next });
    announce(`${t().filters.year} ${next.replace("-", "–")}`);
  };
  const press = (event: KeyboardEvent) => {
    const by = steps[event.key];
    const isOption = event.altKey && !event.ctrlKey && !event.metaKey;
    if (by === undefined || isInField(event) || !(isTyped(event) || isOption)) return;
    if (!selection.page()?.filters.includes("year")) return;
    event.preventDefault();
    step(by);
  };
  onMount(() => document.addEventListener("keydown", press));
  onCleanup(() => document.removeEventListener("keydown", press));
  return (
    <>
      <span class="sr-only" role="status">
        {announced()}
      </span>
      <Show when={selected() !== ""}>
        <div class="chip-group">
          <StepButton label={text().earlier} sign="‹" step={() => step(-1)} isLast={canStep(-1) === undefined} />
          <Chip
            filter="year"
            name={selected().includes("-") ? t().filters.years : t().filters.year}
            value={selected().replace("-", "–")}
            remove={props.remove}
          >
            <YearSelects years={years()} selected={selected()} choose={(year) => selection.set({ year })} />
          </Chip>
          <StepButton label={text().later} sign="›" step={() => step(1)} isLast={canStep(1) === undefined} />
        </div>
      </Show>
    </>
  );
  function canStep(by: 1 | -1) {
    return nextYears(selected(), by, years());
  }
}

/** Steps to the next year. At the first and the last year it stays focusable, but does nothing. */
const StepButton = (props: { label: string; sign: string; step: () => void; isLast: boolean }) => (
  <button
    type="button"
    class="step"
    aria-label={props.label}
    title={props.label}
    aria-disabled={props.isLast}
    onClick={() => props.step()}
  >
    <span aria-hidden="true">{props.sign}</span>
  </button>
);

/** Two choices: the first year, and the last one of a range. */
function YearSelects(props: { years: number[]; selected: string; choose: (years: string) => void }) {
  const span = () => yearSpan(props.selected);
  /** Years with data, and the selected ones even without data, so that the selection is visible. */
  const offered = () => [...new Set([...props.years, span().first, span().last])].toSorted((a, b) => a - b).map(String);
  const first = () => String(span().first);
  const last = () => String(span().last);
  const later = () => offered().filter((year) => Number(year) > span().first);
  const chooseFirst = (year: string) => {
    const isBefore = year !== "" && Number(year) < span().last && props.selected.includes("-");
    props.choose(isBefore ? `${year}-${last()}` : year);
  };
  return (
    <>
      <select name="year" aria-label={t().filters.year} onChange={(event) => chooseFirst(event.currentTarget.value)}>
        <option value="">{text().all}</option>
        <For each={offered().toReversed()}>
          {(year) => (
            <option value={year} selected={first() === year}>
              {year}
            </option>
          )}
        </For>
      </select>
      <span class="chip-name">{text().until}</span>
      <select
        name="until"
        aria-label={text().lastYear}
        onChange={(event) => {
          const year = event.currentTarget.value;
          props.choose(year === "" ? first() : `${first()}-${year}`);
        }}
      >
        <option value="" selected={first() === last()}>
          {text().single}
        </option>
        <For each={later()}>
          {(year) => (
            <option value={year} selected={last() === year}>
              {year}
            </option>
          )}
        </For>
      </select>
    </>
  );
}
