import { useBeforeLeave, useSearchParams } from "@solidjs/router";
import { createEffect, createMemo, createSignal, on, onCleanup } from "solid-js";

/** Lines that a chart has room for, and the API's limit. */
export const maxWords = 6;

/** The pause in typing before the URL is updated. */
const settle_ms = 400;

const isFilled = (word: string) => word.trim() !== "";

/** Words, and one empty input for the next one if there is room. */
function withRoom(words: readonly string[]): string[] {
  const last = words.findLastIndex(isFilled);
  const kept = words.slice(0, last + 1);
  return kept.length < maxWords ? [...kept, ""] : kept;
}

/** The inputs of the page: updated while typing, and written to the URL when typing pauses. */
export function useWords() {
  const [parameters, setParameters] = useSearchParams();
  const stored = createMemo(() => [parameters["q"] ?? []].flat().filter(isFilled).slice(0, maxWords), undefined, {
    equals: (before, after) => before.join("\n") === after.join("\n"),
  });
  const [typed, setTyped] = createSignal(withRoom(stored()));
  const words = createMemo(() => typed().filter(isFilled), undefined, {
    equals: (before, after) => before.join("\n") === after.join("\n"),
  });
  /** Pending while the URL is outdated. */
  let settling: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    clearTimeout(settling);
    settling = undefined;
  };
  onCleanup(stop);

  // If the reader leaves before the URL is updated, update it now, so that going back finds the same words.
  useBeforeLeave(({ from, to }) => {
    const url = new URL(location.href);
    if (settling === undefined || typeof to !== "string" || new URL(to, url).pathname === from.pathname) return;
    stop();
    url.searchParams.delete("q");
    for (const word of words()) url.searchParams.append("q", word);
    history.replaceState(history.state, "", url);
  });
  // Back, forward and links change the words, unless newer ones are being typed.
  createEffect(
    on(
      stored,
      (next) => {
        if (settling === undefined && next.join("\n") !== words().join("\n")) setTyped(withRoom(next));
      },
      { defer: true },
    ),
  );

  const set = (next: readonly string[]) => {
    setTyped(withRoom(next));
    stop();
    settling = setTimeout(() => {
      settling = undefined;
      setParameters({ q: words() }, { replace: true, scroll: false });
    }, settle_ms);
  };
  return {
    /** The texts of all inputs; the last one may be empty. */
    typed,
    /** Those that are not empty. */
    words,
    type: (at: number, word: string) => set(typed().map((former, other) => (other === at ? word : former))),
    remove: (at: number) => set(typed().filter((_, other) => other !== at)),
    add: (word: string) => set([...typed().filter(isFilled), word]),
  };
}
