import { useLocation } from "@solidjs/router";
import { createEffect, on, onCleanup } from "solid-js";
import { isReturning } from "../scroll-restoration.ts";

/** After this time the reader has gone on. */
const patience_ms = 5000;

/**
 * When a link to another page was followed and is gone, the focus would start at the document again, and a screen
 * reader would say nothing: it moves to the heading of the new page. Pages that focus something themselves keep that.
 */
export function useFocusOnArrival(): void {
  const location = useLocation();
  createEffect(
    on(
      () => location.pathname,
      () => {
        const left = document.querySelector("#content h1");
        const started = performance.now();
        let frame = 0;
        const step = () => {
          const heading = document.querySelector<HTMLElement>("#content h1");
          const isFocusLost = document.activeElement === document.body || document.activeElement === null;
          if (heading && heading !== left && isFocusLost && !isReturning()) {
            heading.tabIndex = -1;
            heading.focus({ preventScroll: true });
          } else if (!heading || heading === left) {
            if (performance.now() - started < patience_ms) frame = requestAnimationFrame(step);
          }
        };
        frame = requestAnimationFrame(step);
        onCleanup(() => cancelAnimationFrame(frame));
      },
      { defer: true },
    ),
  );
}
