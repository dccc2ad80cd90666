import { createSignal, onCleanup } from "solid-js";

/** The width of an element in CSS pixels, as it changes; give `measure` as its ref. */
export function useWidth(initial = 640) {
  const [width, setWidth] = createSignal(initial);
  const measure = (element: HTMLElement) => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.max(240, Math.round(entry.contentRect.width)));
    });
    observer.observe(element);
    onCleanup(() => observer.disconnect());
  };
  return [width, measure] as const;
}
