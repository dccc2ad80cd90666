import { type Progress, silent } from "@potstats/cli/progress";

/** Signal and progress for a run that is aborted after some steps. */
export function abortAfter(steps: number): { signal: AbortSignal; progress: Progress } {
  const controller = new AbortController();
  let left = steps;
  const step = () => {
    if (left-- === 0) controller.abort(new Error("aborted"));
  };
  return {
    signal: controller.signal,
    progress: {
      ...silent,
      phase: (...arguments_) => {
        step();
        return { ...silent.phase(...arguments_), add: step };
      },
    },
  };
}
