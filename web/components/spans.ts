/** Spans of days as text. */
import { number, shortDay, t, tinyDay } from "../i18n/index.ts";

/** "12 Tage" */
export const daysText = (days: number): string => `${number(days)} ${t().units.days(days)}`;

/** "12 Wochen" */
export const weeksText = (weeks: number): string => `${number(weeks)} ${t().units.weeks(weeks)}`;

/** "29.01.09 – 29.09.09", or one day, for narrow columns */
export const tinySpanText = ({ from, to }: { from: string; to: string }): string =>
  from === to ? tinyDay(from) : `${tinyDay(from)} – ${tinyDay(to)}`;

/** "29.01.2009 – 29.09.2009", or one day */
export const spanText = ({ from, to }: { from: string; to: string }): string =>
  from === to ? shortDay(from) : `${shortDay(from)} – ${shortDay(to)}`;
