import { useBeforeLeave, useSearchParams } from "@solidjs/router";
import { createEffect, createSignal, on, onCleanup } from "solid-js";
import { single } from "../../parameters.ts";

/** How long no key must be pressed before the URL follows. */
const settle_ms = 400;

/** The words of the search: at once as typed, in the URL once typing pauses. */
export function useWords() {
  const [parameters, setParameters] = useSearchParams();
  const words = () => single(parameters["q"]);
  const [typed, setTyped] = createSignal(words());
  /** Runs while the URL is behind. */
  let settling: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    clearTimeout(settling);
    settling = undefined;
  };
  onCleanup(stop);

  // Leaving before the words have settled: the way back leads to them.
  useBeforeLeave(({ from, to }) => {
    const url = new URL(location.href);
    const next = new URL(String(to), url);
    const isSameSearch = next.pathname === from.pathname && single(next.searchParams.getAll("q")) === words();
    if (settling === undefined || isSameSearch) return;
    stop();
    if (typeof to !== "string") return;
    url.searchParams.set("q", typed());
    history.replaceState(history.state, "", url);
  });
  // Back, forward and links bring other words, unless newer ones are being typed.
  createEffect(
    on(
      words,
      (content) => {
        if (settling === undefined) setTyped(content);
      },
      { defer: true },
    ),
  );

  const type = (content: string) => {
    setTyped(content);
    stop();
    settling = setTimeout(() => {
      settling = undefined;
      setParameters({ q: content }, { replace: true });
    }, settle_ms);
  };
  return [typed, type] as const;
}
