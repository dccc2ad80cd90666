/** A process that only serves, on Bun, Node or Deno. */
import type { ProcessInfo } from "./metrics.ts";

/** @param runtime the global `process` */
export const processInfoOf = (runtime: { memoryUsage: { rss(): number } }): ProcessInfo => ({
  memory_bytes: () => runtime.memoryUsage.rss(),
  started_s: performance.timeOrigin / 1000,
});
