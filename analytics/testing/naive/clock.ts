export interface Moment {
  unix_s: number;
  year: number;
  day: string;
  /** From 1, Monday, to 7, Sunday. */
  weekday: number;
  hour: number;
}

/** Wall-clock time in a time zone, according to JavaScript, independently of PostgreSQL. */
export function clock(timezone: string): (time: Date) => Moment {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: timezone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    hourCycle: "h23",
  });
  return (time) => {
    const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
    const day = `${parts["year"]}-${parts["month"]}-${parts["day"]}`;
    return {
      unix_s: Math.floor(time.getTime() / 1000),
      year: Number(parts["year"]),
      day,
      weekday: new Date(`${day}T12:00:00Z`).getUTCDay() || 7,
      hour: Number(parts["hour"]),
    };
  };
}

/** Hours since Monday midnight. */
export const hourOfWeek = ({ weekday, hour }: Moment) => 24 * (weekday - 1) + hour;
