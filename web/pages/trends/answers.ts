import { createEffect, createMemo, createSignal, on, onCleanup } from "solid-js";
import { answer, api, type Trends } from "../../api.ts";

export type Per = Trends["per"];

interface Wanted {
  words: readonly string[];
  per: Per;
  place: Place;
}

/** The selected board and user, as parameters of the API and of the search page. */
export type Place = { bid?: string; uid?: string };

/** What is known about one word. */
type Outcome = { trends: Trends } | { error: unknown };

/** Words with their answers, all of the same periods. */
export interface Shown {
  words: readonly string[];
  per: Per;
  answers: readonly Trends[];
}

/** Kept answers; the oldest are forgotten. */
const maxKept = 200;

/**
 * Requests each word by itself, so that typing one costs no search for the others. Answers are kept by what was asked,
 * so an older one never takes the place of a newer one; requests that nobody waits for any more are aborted.
 */
export function useTrends(wanted: () => Wanted) {
  const [outcomes, setOutcomes] = createSignal<ReadonlyMap<string, Outcome>>(new Map());
  const pending = new Map<string, AbortController>();
  const keyOf = (word: string) => JSON.stringify([word, wanted().per, wanted().place]);
  const abortAllBut = (keys: ReadonlySet<string>) => {
    for (const [key, controller] of pending) {
      if (keys.has(key)) continue;
      controller.abort();
      pending.delete(key);
    }
  };
  onCleanup(() => abortAllBut(new Set()));

  const store = (key: string, outcome: Outcome) =>
    setOutcomes((before) => new Map([...before].slice(1 - maxKept)).set(key, outcome));
  const ask = async (word: string) => {
    const key = keyOf(word);
    const { per, place } = wanted();
    const controller = new AbortController();
    pending.set(key, controller);
    const query = { q: word, per, ...place };
    const outcome = await answer(api.trends.$get({ query }, { init: { signal: controller.signal } })).then(
      (trends): Outcome => ({ trends }),
      (error: unknown): Outcome => ({ error }),
    );
    if (controller.signal.aborted) return;
    pending.delete(key);
    store(key, outcome);
  };
  const askMissing = () => {
    const { words } = wanted();
    abortAllBut(new Set(words.map(keyOf)));
    for (const word of new Set(words)) {
      const key = keyOf(word);
      if (!outcomes().has(key) && !pending.has(key)) void ask(word);
    }
  };
  createEffect(on(wanted, askMissing));

  const outcomeOf = (word: string) => outcomes().get(keyOf(word));
  const trendsOf = (word: string): Trends | undefined => {
    const outcome = outcomeOf(word);
    return outcome && "trends" in outcome ? outcome.trends : undefined;
  };
  /** The latest words that have all been answered. */
  const shown = createMemo<Shown | undefined>((before) => {
    const { words, per } = wanted();
    const answers = words.flatMap((word) => trendsOf(word) ?? []);
    return answers.length === words.length ? { words, per, answers } : before;
  });
  return {
    shown,
    trendsOf,
    isBusy: () => wanted().words.some((word) => outcomeOf(word) === undefined),
    failure: () =>
      wanted()
        .words.map(outcomeOf)
        .flatMap((outcome) => (outcome && "error" in outcome ? [outcome.error] : []))[0],
    retry: () => {
      setOutcomes((before) => new Map([...before].filter(([, outcome]) => "trends" in outcome)));
      askMissing();
    },
  };
}
