/** Wall-clock time of Europe/Berlin under the EU's daylight saving rule of 1996. Times are Unix seconds. */

export const day_s = 86_400;

/** 01:00 UTC on the last Sunday of a month (0 = January). */
function lastSunday(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month + 1, 0, 1));
  return last.getTime() / 1000 - last.getUTCDay() * day_s;
}

const summers = new Map<number, [from: number, to: number]>();

/** The offset of Berlin from UTC, in seconds. */
function offsetAt(time: number): number {
  const year = new Date(time * 1000).getUTCFullYear();
  let summer = summers.get(year);
  if (!summer) summers.set(year, (summer = [lastSunday(year, 2), lastSunday(year, 9)]));
  return time >= summer[0] && time < summer[1] ? 7200 : 3600;
}

/** The moment at which clocks in Berlin show a local time. In the repeated hour of autumn, the earlier moment. */
export function fromWallClock(local: number): number {
  return local - offsetAt(local - 7200);
}

const twoDigits = (number: number) => (number < 10 ? `0${number}` : String(number));

/** `DD.MM.YYYY HH:MM:SS` in Berlin. */
export function dateText(time: number): string {
  const date = new Date((time + offsetAt(time)) * 1000);
  return (
    `${twoDigits(date.getUTCDate())}.${twoDigits(date.getUTCMonth() + 1)}.${date.getUTCFullYear()} ` +
    `${twoDigits(date.getUTCHours())}:${twoDigits(date.getUTCMinutes())}:${twoDigits(date.getUTCSeconds())}`
  );
}
