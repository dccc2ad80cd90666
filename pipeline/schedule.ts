/** When the next pass is due: after an interval, or according to a cron expression. */
import { Cron } from "croner";

export interface Schedule {
  /** The first due time after both the start of a pass and now. Times that fall into a long pass are skipped. */
  next(started: Date, now: Date): Date;
}

const units_ms = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * @param text an interval (`30s`, `15m`, `2h`, `1d`) or a cron expression of five or six fields, in the machine's time zone
 * @throws Error that lists the accepted forms
 */
export function parseSchedule(text: string): Schedule {
  const [, count = "", unit = ""] = /^(\d{1,6})([smhd])$/.exec(text.trim()) ?? [];
  if (unit in units_ms && Number(count) > 0) {
    const interval_ms = Number(count) * units_ms[unit as keyof typeof units_ms];
    return {
      next: (started, now) => {
        const elapsedIntervals = Math.floor((now.getTime() - started.getTime()) / interval_ms);
        return new Date(started.getTime() + (Math.max(0, elapsedIntervals) + 1) * interval_ms);
      },
    };
  }
  const cron = readCron(text);
  return { next: (_, now) => cron.nextRun(now) ?? neverDue(text) };
}

function readCron(text: string): Cron {
  try {
    const cron = new Cron(text.trim(), { paused: true });
    if (!cron.nextRun()) neverDue(text);
    return cron;
  } catch {
    throw new Error(
      `"${text}" is neither an interval such as 30s, 15m, 2h or 1d nor a cron expression such as "*/15 * * * *"`,
    );
  }
}

function neverDue(text: string): never {
  throw new Error(`"${text}" is never due`);
}

/** The longest pause between two attempts. */
const longest_ms = 3_600_000;

/** The shortest pause after this many consecutive failures: a minute, doubling up to an hour. */
export const backOff_ms = (failures: number): number =>
  failures === 0 ? 0 : Math.min(longest_ms, 60_000 * 2 ** (failures - 1));
