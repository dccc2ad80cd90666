import { createEffect, createSignal, on } from "solid-js";
import { answer, api, type SearchCompletion } from "../../api.ts";
import type { SearchQuery } from "./answers.ts";
import { hasOperatorAt } from "./operator-token.ts";

export type CompletionValue = SearchCompletion["values"][number];

/** The values that complete an operator, and the query that they belong to. */
interface Completion extends SearchCompletion {
  typed: string;
}

/**
 * Completes the operator at the caret while it is being typed. No value is active until the reader moves to one, so that
 * Enter still opens the first hit.
 */
export function useCompletion(
  search: { typed: () => string; type: () => SearchQuery["type"] },
  replace: (content: string, caret: number) => void,
) {
  const [caret, setCaret] = createSignal<number>();
  const [completion, setCompletion] = createSignal<Completion>();
  const [active, setActive] = createSignal(-1);
  let latest = 0;

  const close = () => {
    latest += 1;
    setCaret(undefined);
    setCompletion(undefined);
    setActive(-1);
  };
  const look = async (typed: string, at: number) => {
    const request = ++latest;
    const query = { content: typed, type: search.type(), at: String(at) };
    const found = await answer(api.search.complete.$get({ query })).catch(() => undefined);
    if (request !== latest) return;
    setCompletion(found && { ...found, typed });
    setActive(-1);
  };
  createEffect(
    on([search.typed, search.type, caret], ([typed, , at]) => {
      if (at === undefined || !hasOperatorAt(typed, at)) close();
      else void look(typed, at);
    }),
  );

  const values = () => completion()?.values ?? [];
  const isOpen = () => values().length > 0;
  const choose = (value: CompletionValue | undefined) => {
    const { typed, to } = completion() ?? { typed: "", to: 0 };
    if (!value) return;
    // The text behind the value is the same as before, except that a space may have been added.
    const end = value.content.length - (typed.length - to);
    const next = value.content[end] === " " ? end + 1 : end;
    close();
    replace(value.content, next);
    setCaret(next);
  };
  /** Whether a key was meant for the list. */
  const press = (key: string): boolean => {
    if (!isOpen()) return false;
    const { length } = values();
    if (key === "ArrowDown") setActive(active() >= length - 1 ? 0 : active() + 1);
    else if (key === "ArrowUp") setActive(active() <= 0 ? length - 1 : active() - 1);
    else if (key === "Escape") close();
    else if ((key === "Enter" || key === "Tab") && active() >= 0) choose(values()[active()]);
    else return false;
    return true;
  };
  return { values, filter: () => completion()?.filter, isOpen, active, choose, press, close, setCaret };
}
