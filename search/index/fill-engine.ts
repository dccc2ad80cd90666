/** What both engines need to fill their index. */
import type { Phase } from "@potstats/cli/progress";

export interface FillEngineOptions {
  /** The revision that the index holds; undefined builds it from scratch. */
  since: number | undefined;
  timezone: string;
  phase: Phase;
  signal?: AbortSignal | undefined;
}
