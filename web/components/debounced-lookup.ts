import { createEffect, on, onCleanup } from "solid-js";

/**
 * Looks up names after a pause of `settle_ms` in typing. Responses to earlier input are dropped, a failed request
 * returns no rows, and empty input clears the rows immediately.
 */
export function debouncedLookup<Row>(
  typed: () => string,
  settle_ms: number,
  request: (q: string) => Promise<Row[]>,
  show: (rows: Row[], q: string) => void,
): void {
  createEffect(
    on(typed, (q) => {
      if (q.trim() === "") return show([], q);
      let isCurrent = true;
      const timer = setTimeout(() => {
        void request(q)
          .catch(() => [])
          .then((rows) => isCurrent && show(rows, q));
      }, settle_ms);
      onCleanup(() => {
        isCurrent = false;
        clearTimeout(timer);
      });
    }),
  );
}
