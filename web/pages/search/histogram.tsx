import { createMemo, createSignal, createUniqueId, Index, Show } from "solid-js";
import { plural } from "../../i18n/formats.ts";
import { number, texts } from "../../i18n/index.ts";
import { type Period, type YearRange, yearsOf } from "./period.ts";

const text = texts({
  de: {
    years: "Jahre",
    help: "Pfeiltasten wählen ein Jahr, mit Umschalt mehrere; Enter wendet die Auswahl an, Entf hebt sie auf.",
    all: "alle Jahre",
    hits: (count: number) => `${number(count)} Treffer`,
  },
  en: {
    years: "Years",
    help: "Arrow keys select a year, with Shift several; Enter applies the selection, Delete clears it.",
    all: "all years",
    hits: (count) => `${number(count)} ${plural(count, "hit", "hits")}`,
  },
});

interface YearCount {
  year: number;
  count: number;
}

/** A selection that is not yet applied: it reaches from the anchor to the head, which may be before it. */
interface Brush {
  anchor: number;
  head: number;
}

const rangeOf = ({ anchor, head }: Brush): YearRange => ({
  first: Math.min(anchor, head),
  last: Math.max(anchor, head),
});
const isSame = (one: YearRange | undefined, other: YearRange | undefined) =>
  one?.first === other?.first && one?.last === other?.last;
const nameOf = ({ first, last }: YearRange) => (first === last ? String(first) : `${first}–${last}`);

/** Every year from the first to the last one with data, so that the axis stays the same while typing. */
function everyYear(counts: YearCount[], withData: number[]): YearCount[] {
  const byYear = new Map(counts.map(({ year, count }) => [year, count]));
  const known = [...withData, ...byYear.keys()];
  if (known.length === 0) return [];
  const first = Math.min(...known);
  return Array.from({ length: Math.max(...known) - first + 1 }, (_, at) => ({
    year: first + at,
    count: byYear.get(first + at) ?? 0,
  }));
}

interface HistogramProps {
  years: YearCount[];
  /** All years with data. */
  withData: number[];
  period: Period;
  set: (range: YearRange | undefined) => void;
}

/** The selection of years by keyboard and pointer. */
function useBrush(props: HistogramProps, years: () => YearCount[]) {
  const [brush, setBrush] = createSignal<Brush>();
  const all = (): YearRange => ({ first: years()[0]?.year ?? 0, last: years().at(-1)?.year ?? 0 });
  const within = (year: number) => Math.max(all().first, Math.min(all().last, year));
  const applied = () => yearsOf(props.period, all());
  /** The year that the keys move. */
  const head = () => brush()?.head ?? within(applied()?.last ?? all().last);
  const move = (year: number, isExtending: boolean) => {
    const to = within(year);
    setBrush({ anchor: isExtending ? (brush()?.anchor ?? head()) : to, head: to });
  };
  /** Applies the selection; a second time, it is cleared. */
  const apply = () => {
    const range = rangeOf(brush() ?? { anchor: head(), head: head() });
    setBrush(undefined);
    props.set(isSame(range, applied()) ? undefined : range);
  };
  const press = (event: KeyboardEvent) => {
    const { key, shiftKey } = event;
    if (key === "ArrowLeft" || key === "ArrowDown") move(head() - 1, shiftKey);
    else if (key === "ArrowRight" || key === "ArrowUp") move(head() + 1, shiftKey);
    else if (key === "Home") move(all().first, shiftKey);
    else if (key === "End") move(all().last, shiftKey);
    else if (key === "Enter" || key === " ") apply();
    else if (key === "Escape" && brush()) setBrush(undefined);
    else if (key === "Delete" || key === "Backspace") props.set(undefined);
    else return;
    event.preventDefault();
  };
  return {
    brush,
    cancel: () => setBrush(undefined),
    head,
    move,
    apply,
    press,
    shown: () => (brush() ? rangeOf(brush() as Brush) : applied()),
  };
}

/**
 * The number of hits of each year as a small bar chart. It is a listbox: a tap selects a year, dragging selects several,
 * and so do the arrow keys.
 */
export function YearHistogram(props: HistogramProps) {
  const id = createUniqueId();
  const years = createMemo(() => everyYear(props.years, props.withData));
  const brush = useBrush(props, years);
  const [pointed, setPointed] = createSignal<number>();
  const isShown = (year: number) => {
    const { first, last } = brush.shown() ?? { first: 1, last: 0 };
    return first <= year && year <= last;
  };
  const hitsIn = ({ first, last }: YearRange) =>
    years().reduce((sum, { year, count }) => (first <= year && year <= last ? sum + count : sum), 0);
  const readout = () => {
    const year = pointed();
    const range = brush.brush() || year === undefined ? brush.shown() : { first: year, last: year };
    return range ? `${nameOf(range)}: ${text().hits(hitsIn(range))}` : text().all;
  };
  let bars: HTMLElement | undefined;
  const yearAt = (event: PointerEvent) => {
    const { left, width } = bars?.getBoundingClientRect() ?? { left: 0, width: 1 };
    const at = Math.floor(((event.clientX - left) / width) * years().length);
    return (years()[0]?.year ?? 0) + Math.max(0, Math.min(years().length - 1, at));
  };
  return (
    <Show when={years().length > 0}>
      <div class="histogram">
        <p class="histogram-head aliases">
          <span>{text().years}</span> <span>{readout()}</span>
        </p>
        <div
          ref={(element) => (bars = element)}
          class="year-bars"
          role="listbox"
          tabindex="0"
          aria-label={text().years}
          aria-multiselectable="true"
          aria-orientation="horizontal"
          aria-describedby={`${id}-help`}
          aria-activedescendant={`${id}-${brush.head()}`}
          onKeyDown={brush.press}
          onBlur={brush.cancel}
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            brush.move(yearAt(event), event.shiftKey);
          }}
          onPointerMove={(event) => {
            setPointed(yearAt(event));
            if (event.currentTarget.hasPointerCapture(event.pointerId)) brush.move(yearAt(event), true);
          }}
          onPointerUp={() => brush.brush() && brush.apply()}
          onPointerCancel={brush.cancel}
          onPointerLeave={() => setPointed(undefined)}
        >
          <Bars id={id} years={years()} isShown={isShown} head={brush.head()} />
        </div>
        <p class="histogram-ends aliases" aria-hidden="true">
          <span>{years()[0]?.year}</span>
          <span>{years().at(-1)?.year}</span>
        </p>
        <p id={`${id}-help`} class="sr-only">
          {text().help}
        </p>
        <p class="sr-only" role="status">
          {brush.brush() ? readout() : ""}
        </p>
      </div>
    </Show>
  );
}

/** The bars, each an option of the listbox. Index, not For, so that they stay in place while the counts change. */
function Bars(props: { id: string; years: YearCount[]; isShown: (year: number) => boolean; head: number }) {
  const largest = createMemo(() => Math.max(1, ...props.years.map(({ count }) => count)));
  const height = (count: number) => (count === 0 ? "0" : `max(2px, ${(100 * count) / largest()}%)`);
  return (
    <Index each={props.years}>
      {(bar) => (
        <div
          id={`${props.id}-${bar().year}`}
          role="option"
          aria-label={`${bar().year}: ${text().hits(bar().count)}`}
          aria-selected={props.isShown(bar().year)}
          classList={{ active: props.head === bar().year }}
        >
          <i style={{ height: height(bar().count) }} />
        </div>
      )}
    </Index>
  );
}
