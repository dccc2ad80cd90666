import { createEffect, on, onCleanup } from "solid-js";

/**
 * Looks up what begins as typed when no key has been hit for a while. An answer to what is no longer typed is not shown; one
 * that fails is empty, and nothing typed finds nothing, at once.
 */
export function lookUpAsTyped<Row>(
  typed: () => string,
  settle_ms: number,
  ask: (q: string) => Promise<Row[]>,
  show: (rows: Row[], q: string) => void,
): void {
  createEffect(
    on(typed, (q) => {
      if (q.trim() === "") return show([], q);
      let isTyped = true;
      const timer = setTimeout(() => {
        void ask(q)
          .catch(() => [])
          .then((rows) => isTyped && show(rows, q));
      }, settle_ms);
      onCleanup(() => {
        isTyped = false;
        clearTimeout(timer);
      });
    }),
  );
}
