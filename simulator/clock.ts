/** Wall-clock time of Europe/Berlin under the rule of the European Union since 1996. Seconds since 1970. */

export const day_s = 86_400;

/** 01:00 UTC on the last Sunday of a month (0 = January). */
function lastSunday(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month + 1, 0, 1));
  return last.getTime() / 1000 - last.getUTCDay() * day_s;
}

const summers = new Map<number, [from: number, to: number]>();

/** Seconds that Berlin is ahead of UTC. */
function offsetAt(time: number): number {
  const year = new Date(time * 1000).getUTCFullYear();
  let summer = summers.get(year);
  if (!summer) summers.set(year, (summer = [lastSunday(year, 2), lastSunday(year, 9)]));
  return time >= summer[0] && time < summer[1] ? 7200 : 3600;
}

/** The moment at which Berlin's clocks show these seconds since 1970 (of the two in autumn the earlier one). */
export function fromWallClock(local: number): number {
  return local - offsetAt(local - 7200);
}

const two = (number: number) => (number < 10 ? `0${number}` : String(number));

/** `DD.MM.YYYY HH:MM:SS` in Berlin. */
export function dateText(time: number): string {
  const date = new Date((time + offsetAt(time)) * 1000);
  return (
    `${two(date.getUTCDate())}.${two(date.getUTCMonth() + 1)}.${date.getUTCFullYear()} ` +
    `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`
  );
}
