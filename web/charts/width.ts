import { createSignal, onCleanup, onMount } from "solid-js";

/**
 * The width of an element in CSS pixels, as it changes; give `measure` as its ref. It is 0 until the element has its place. An
 * observer would tell it after the first frame: what has been drawn by then is drawn again and moves what stands beneath.
 */
export function useWidth() {
  const [width, setWidth] = createSignal(0);
  const measure = (element: HTMLElement) => {
    const tell = () => {
      const { paddingLeft, paddingRight } = getComputedStyle(element);
      const inner = element.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
      if (inner > 0) setWidth(Math.max(240, Math.round(inner)));
    };
    const observer = new ResizeObserver(tell);
    observer.observe(element);
    onMount(tell);
    onCleanup(() => observer.disconnect());
  };
  return [width, measure] as const;
}
