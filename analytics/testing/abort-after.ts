import { type Progress, silent } from "@potstats/cli/progress";

/** Signal and progress for a run that is aborted after some steps. */
export function killedAfter(steps: number): { signal: AbortSignal; progress: Progress } {
  const controller = new AbortController();
  let left = steps;
  const step = () => {
    if (left-- === 0) controller.abort(new Error("killed"));
  };
  return {
    signal: controller.signal,
    progress: {
      ...silent,
      phase: (...about) => {
        step();
        return { ...silent.phase(...about), add: step };
      },
    },
  };
}
