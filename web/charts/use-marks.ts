import { createEffect, createSignal, onCleanup } from "solid-js";

/** What the reader points at. `series` is 0 if the chart has only one. */
export interface Pointed {
  at: number;
  series: number;
}

/** How the reader points: a tapped mark stays until the next tap elsewhere. */
type Means = "mouse" | "touch" | "keys";

interface Options {
  /** The number of marks. */
  count: () => number;
  /** The number of series; Arrow keys that do not move to other marks move between them. */
  seriesCount?: () => number;
  /** The mark that has the tab stop until the reader points at another; the first one by default, and for -1. */
  initial?: () => number;
  /** How many marks an arrow key moves on. In a calendar, "ArrowRight" may mean 7. */
  steps: Partial<Record<string, number>>;
  /** The series that is nearest to a position within a mark. */
  seriesAt?: (at: number, event: PointerEvent) => number;
}

/** The mark under the pointer, or with the focus. */
function markOf(event: Event): number | undefined {
  const mark = (event.target as Element).closest?.("[data-mark]");
  return mark ? Number(mark.getAttribute("data-mark")) : undefined;
}

/** Where a key leads; undefined if it means nothing here. */
function nextMark(key: string, { at, series }: Pointed, options: Options): Pointed | undefined {
  const last = options.count() - 1;
  const step = options.steps[key];
  if (key === "Home") return { at: 0, series };
  if (key === "End") return { at: last, series };
  if (step !== undefined) return { at: at + step < 0 || at + step > last ? at : at + step, series };
  const seriesCount = options.seriesCount?.() ?? 1;
  const seriesStep = { ArrowUp: seriesCount - 1, ArrowDown: 1 }[key];
  if (seriesCount < 2 || seriesStep === undefined) return undefined;
  return { at, series: (series + seriesStep) % seriesCount };
}

/**
 * Lets the reader point at the marks of a drawing by mouse, finger and keyboard. A mark is an element with its index as
 * `data-mark`, the index from `tabIndexOf` as `tabindex`, and its values as accessible name, so that screen readers say
 * them when the arrow keys move the focus. It should cover its whole column and be a link, if there is an address: then
 * a click or Enter follows it. The first tap on a mark shows its values only; the second one follows the link.
 */
export function useMarks(options: Options) {
  const [pointed, setPointed] = createSignal<Pointed & { by: Means }>();
  const [tabStop, setTabStop] = createSignal<number>();
  let chart: HTMLElement | undefined;
  const point = (at: number, series: number, by: Means) => {
    const before = pointed();
    if (before?.at === at && before.series === series && before.by === by) return;
    setPointed({ at, series, by });
    setTabStop(at);
  };
  const pointAt = (event: PointerEvent, by: Means) => {
    const at = markOf(event);
    if (at !== undefined) point(at, options.seriesAt?.(at, event) ?? 0, by);
  };
  const release = (means: Means) => pointed()?.by === means && setPointed(undefined);
  const moveTo = ({ at, series }: Pointed) => {
    chart?.querySelector<SVGElement>(`[data-mark="${at}"]`)?.focus();
    point(at, series, "keys");
  };
  const press = (event: KeyboardEvent) => {
    const at = markOf(event);
    if (at === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const here = { at, series: pointed()?.series ?? 0 };
    const next = nextMark(event.key, here, options);
    if (next) moveTo(next);
    else if (event.key === "Escape") setPointed(undefined);
    else return;
    event.preventDefault();
  };
  endWithTapOutside(
    pointed,
    () => setPointed(undefined),
    () => chart,
  );

  /**
   * The ref of the element around drawing and readout. Not of the drawing: with listeners for the focus, Chromium takes
   * an SVG element itself for a stop of the Tab key.
   */
  function attach(element: HTMLElement): void {
    chart = element;
    const listen = <K extends keyof HTMLElementEventMap>(
      type: K,
      listener: (event: HTMLElementEventMap[K]) => unknown,
    ) => element.addEventListener(type, listener as EventListener);
    let isFirstTap = false;
    listen("pointermove", (event) => pointAt(event, event.pointerType === "touch" ? "touch" : "mouse"));
    listen("pointerdown", (event) => {
      const before = pointed();
      if (event.pointerType === "touch") pointAt(event, "touch");
      isFirstTap = event.pointerType === "touch" && before !== pointed();
    });
    listen("pointerleave", () => release("mouse"));
    // Before the router's listener, which is the document's.
    listen("click", (event) => isFirstTap && event.preventDefault());
    listen("keydown", (event) => {
      isFirstTap = false;
      press(event);
    });
    listen("focusin", (event) => {
      const at = markOf(event);
      if (at !== undefined && (event.target as Element).matches(":focus-visible"))
        point(at, pointed()?.series ?? 0, "keys");
    });
    listen("focusout", () => release("keys"));
  }

  return {
    /** Undefined after marks have been removed. */
    pointed: (): Pointed | undefined => ((pointed()?.at ?? 0) < options.count() ? pointed() : undefined),
    attach,
    /** One mark can be reached by Tab, the others from there by arrow keys. */
    tabIndexOf: (at: number) => {
      const stop = tabStop() ?? options.initial?.() ?? 0;
      return at === Math.max(0, Math.min(stop, options.count() - 1)) ? 0 : -1;
    },
    /** Whether the reader points by arrow keys. */
    isByKeys: () => pointed()?.by === "keys",
  };
}

export type Pointing = ReturnType<typeof useMarks>;

/** A tap outside the chart ends what a tap in it began. */
function endWithTapOutside(
  pointed: () => { by: Means } | undefined,
  release: () => void,
  chart: () => Element | undefined,
): void {
  createEffect(() => {
    if (pointed()?.by !== "touch") return;
    const tap = (event: Event) => chart()?.contains(event.target as Node) || release();
    document.addEventListener("pointerdown", tap);
    onCleanup(() => document.removeEventListener("pointerdown", tap));
  });
}
