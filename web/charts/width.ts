import { createSignal, onCleanup, onMount } from "solid-js";

/**
 * The current inner width of an element in CSS pixels; pass `measure` as its ref. It is 0 until the element is in the
 * page. A ResizeObserver alone first fires after the first frame, which would redraw the chart and shift the page.
 */
export function useWidth() {
  const [width, setWidth] = createSignal(0);
  const measure = (element: HTMLElement) => {
    const update = () => {
      const { paddingLeft, paddingRight } = getComputedStyle(element);
      const inner = element.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
      if (inner > 0) setWidth(Math.max(240, Math.round(inner)));
    };
    const observer = new ResizeObserver(update);
    observer.observe(element);
    onMount(update);
    onCleanup(() => observer.disconnect());
  };
  return [width, measure] as const;
}
