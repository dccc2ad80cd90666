/** Dates of every year, such as 02-29. Pure. */
import { dayAfter, isDay } from "../../charts/dates.ts";

/** A year that has every date. */
const leapYear = "2000";

/** The date, if some year has it; "" for anything else. */
export const dateOf = (text: string): string => (isDay(`${leapYear}-${text}`) ? text : "");

/** A day on that date, for formats. */
export const dayOn = (date: string): string => `${leapYear}-${date}`;

/** The date some days later, or earlier if the number is negative. February 29 comes between February 28 and March 1. */
export const dateAfter = (date: string, days: number): string => dayAfter(dayOn(date), days).slice(5);
