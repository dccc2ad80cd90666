/** The log: a line of JSON each, written several at a time so that no request waits for the disk. */

const levels = ["debug", "info", "warn", "error"] as const;
export type Level = (typeof levels)[number];
const isLevel = (level: unknown): level is Level => levels.includes(level as Level);

/** Milliseconds that a line may wait. */
const delay_ms = 100;

export interface Log {
  line(line: Record<string, unknown>): void;
  /** Writes what waits. */
  flush(): void;
}

/** @param level least level that is written; lines of unknown levels always are */
export function openLog(level: Level, write: (lines: string) => void): Log {
  const least = levels.indexOf(level);
  let waiting = "";
  let shown_ms = 0;
  let shown = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting !== "") write(waiting);
    waiting = "";
  };
  return {
    line(line) {
      if (isLevel(line["level"]) && levels.indexOf(line["level"]) < least) return;
      // Every request ends here: the time's text is made once a millisecond.
      const now_ms = Date.now();
      if (now_ms !== shown_ms) [shown_ms, shown] = [now_ms, new Date(now_ms).toISOString()];
      waiting += `{"time":"${shown}",${JSON.stringify(line).slice(1)}\n`;
      timer ??= setTimeout(flush, delay_ms);
    },
    flush,
  };
}
