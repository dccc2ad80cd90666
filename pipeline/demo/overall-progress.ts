/** One progress for the whole demo: how much of it is done, and how long the rest takes. */
import { type Progress, silent } from "@potstats/cli/progress";

export interface Part {
  /** The name of a phase. */
  phase: string;
  /** What the user reads meanwhile. */
  label: string;
}

/** Seconds per part, by its `phase`. A part that did not occur took none. */
export type Seconds = Readonly<Record<string, number>>;

export interface OverallProgress extends Progress {
  /** Sets how many units a part has, if that is known before it begins. */
  expect(phase: string, total: number): void;
  /** Ends the progress. @returns how long each part took */
  done(): Seconds;
}

/** Until the demo is done, it is at most this share done. */
const almost = 0.99;

/**
 * Shows the phases of all stages as one. A part counts for as long as it is expected to take. Parts follow each other in the
 * given order: when one begins, those before it are done. Notes and other phases are not shown.
 * @param expected_s how long each part is expected to take
 */
export function overallProgress(progress: Progress, parts: readonly Part[], expected_s: Seconds): OverallProgress {
  const begun_ms = performance.now();
  const sum = (of: readonly Part[]) => of.reduce((total, { phase }) => total + (expected_s[phase] ?? 0), 0);
  const whole_s = sum(parts) || 1;
  const totals = new Map<string, number>();
  const seconds: Record<string, number> = {};
  let at = 0;
  let shown = 0;
  let current = { count: 0, total: 0, begun_ms };

  const elapsed = () => (performance.now() - begun_ms) / 1000;
  /** The share of the current part that is done: by its count, else by the time that it takes. */
  const shareOfPart = (part: Part) => {
    if (current.total > 0) return Math.min(1, current.count / current.total);
    const expected = expected_s[part.phase] ?? 0;
    return expected > 0 ? Math.min(almost, (performance.now() - current.begun_ms) / 1000 / expected) : 0;
  };
  const view = () => {
    const part = parts[at];
    if (part) {
      const done_s = sum(parts.slice(0, at)) + (expected_s[part.phase] ?? 0) * shareOfPart(part);
      // The bar never moves back.
      shown = Math.max(shown, Math.min(almost, done_s / whole_s));
    }
    // First as expected, more and more as it really goes.
    const left_s = (1 - shown) * ((1 - shown) * whole_s + elapsed());
    return { share: shown, facts: [`${Math.floor(100 * shown)} %`, `${timeLeft(left_s)} left`, part?.label ?? ""] };
  };
  const leave = () => {
    const phase = parts[at]?.phase;
    if (phase !== undefined) seconds[phase] = (performance.now() - current.begun_ms) / 1000;
  };
  const bar = progress.phase("demo", { view });
  return {
    expect: (phase, total) => void totals.set(phase, total),
    phase: (name, options) => {
      const next = parts.findIndex(({ phase }) => phase === name);
      if (next < at) return silent.phase(name);
      if (next > at) {
        leave();
        at = next;
        current = { count: 0, total: 0, begun_ms: performance.now() };
      }
      const part = current;
      const given = totals.get(name);
      part.total = given ?? options?.total ?? 0;
      return {
        ...silent.phase(name),
        add: (n = 1) => void (part.count += n),
        total: (n) => void (part.total = given ?? n),
      };
    },
    note: () => {},
    done: () => {
      leave();
      bar.done();
      return seconds;
    },
  };
}

/** "about 20 s", "about 2 min". */
const timeLeft = (left_s: number): string =>
  left_s < 90 ? `about ${Math.max(1, Math.round(left_s))} s` : `about ${Math.round(left_s / 60)} min`;
