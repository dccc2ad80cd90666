import { batch, createSignal, onCleanup, onMount } from "solid-js";

/** Elements that have entered the page, and what to do with their widths. */
const entered = new Map<HTMLElement, (width: number) => void>();

/** The inner width of an element in CSS pixels; 0 while it is not displayed. */
function innerWidth(element: HTMLElement): number {
  const { paddingLeft, paddingRight } = getComputedStyle(element);
  return element.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
}

/** Measures all elements before anything is drawn: each chart drawn in between would cost another layout of the page. */
function measureEntered(): void {
  const measured = [...entered].map(([element, set]) => ({ set, width: innerWidth(element) }));
  entered.clear();
  batch(() => {
    for (const { set, width } of measured) set(width);
  });
}

/**
 * The current inner width of an element in CSS pixels; pass `measure` as its ref. It is 0 until the element is in the
 * page. A ResizeObserver alone first fires after the first frame, which would redraw the chart and shift the page.
 */
export function useWidth() {
  const [width, setWidth] = createSignal(0);
  const measure = (element: HTMLElement) => {
    const update = (inner: number) => {
      if (inner > 0) setWidth(Math.max(240, Math.round(inner)));
    };
    const observer = new ResizeObserver(() => update(innerWidth(element)));
    observer.observe(element);
    onMount(() => {
      entered.set(element, update);
      // Before the next frame, after all other parts of the page.
      if (entered.size === 1) queueMicrotask(measureEntered);
    });
    onCleanup(() => {
      observer.disconnect();
      entered.delete(element);
    });
  };
  return [width, measure] as const;
}
