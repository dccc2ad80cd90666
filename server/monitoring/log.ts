/**
 * The log: JSON lines, written in batches so that no request waits for the disk. Not `pino`: its worker threads require
 * Node, and these few lines are enough.
 */

const levels = ["debug", "info", "warn", "error"] as const;
export type Level = (typeof levels)[number];
const isLevel = (level: unknown): level is Level => levels.includes(level as Level);

/** Maximum milliseconds before a line is written. */
const delay_ms = 100;

export type LogLine = (line: Record<string, unknown>) => void;

export interface Log {
  line: LogLine;
  /** Writes the buffered lines. */
  flush(): void;
}

/** @param minimum lowest level that is written; lines without a known level are always written */
export function openLog(minimum: Level, write: (lines: string) => void): Log {
  const minimumIndex = levels.indexOf(minimum);
  let waiting = "";
  let time_ms = 0;
  let time = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting !== "") write(waiting);
    waiting = "";
  };
  return {
    line(line) {
      if (isLevel(line["level"]) && levels.indexOf(line["level"]) < minimumIndex) return;
      // Every request is logged: the time is formatted once per millisecond.
      const now_ms = Date.now();
      if (now_ms !== time_ms) [time_ms, time] = [now_ms, new Date(now_ms).toISOString()];
      waiting += `{"time":"${time}",${JSON.stringify(line).slice(1)}\n`;
      timer ??= setTimeout(flush, delay_ms);
    },
    flush,
  };
}
