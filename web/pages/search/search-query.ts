import { useBeforeLeave, useSearchParams } from "@solidjs/router";
import { createEffect, createSignal, on, onCleanup } from "solid-js";
import { single } from "../../parameters.ts";

/** The pause in typing before the URL is updated. */
const settle_ms = 400;

/** A signal of the search query: updated while typing, and written to the URL when typing pauses. */
export function useSearchQuery() {
  const [parameters, setParameters] = useSearchParams();
  const words = () => single(parameters["q"]);
  const [typed, setTyped] = createSignal(words());
  /** Pending while the URL is outdated. */
  let settling: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    clearTimeout(settling);
    settling = undefined;
  };
  onCleanup(stop);

  // If the reader leaves before the URL is updated, update it now, so that going back restores the query.
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
  // Back, forward and links change the query, unless a newer one is being typed.
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
