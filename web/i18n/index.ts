/** The reader's language: German first, English one click away, remembered. */
import { createRoot, createSignal } from "solid-js";
import { de, type Messages } from "./de.ts";
import { en } from "./en.ts";

export type Language = "de" | "en";
const languages: Record<Language, Messages> = { de, en };

function remember(chosen: Language): void {
  try {
    localStorage.setItem("lang", chosen);
  } catch {
    // Not remembered then.
  }
}

/** `?lang` is a choice like any other. */
function initial(): Language {
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked === "de" || asked === "en") {
    remember(asked);
    return asked;
  }
  try {
    return localStorage.getItem("lang") === "en" ? "en" : "de";
  } catch {
    return "de";
  }
}

const [language, setSignal] = createRoot(() => createSignal<Language>(initial()));
document.documentElement.lang = language();

export { language };

export function setLanguage(next: Language): void {
  setSignal(next);
  document.documentElement.lang = next;
  remember(next);
}

/** The texts in the reader's language. */
export const t = (): Messages => languages[language()];

/** Making a formatter costs more than a hundred uses of it. */
const formats = {
  de: formatsOf("de"),
  en: formatsOf("en"),
};

function formatsOf(locale: Language) {
  return {
    number: new Intl.NumberFormat(locale),
    dateTime: new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }),
    date: new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }),
    day: new Intl.DateTimeFormat(locale, { dateStyle: "full", timeZone: "UTC" }),
    month: new Intl.DateTimeFormat(locale, { month: "short", timeZone: "UTC" }),
    ago: new Intl.RelativeTimeFormat(locale, { numeric: "auto" }),
  };
}

/** A number as the reader writes it. */
export const number = (value: number): string => formats[language()].number.format(value);

/** "24. Nov. 2026, 13:05" */
export const dateTime = (time: Date): string => formats[language()].dateTime.format(time);

const midnight = (iso: string) => new Date(`${iso.slice(0, 10)}T00:00:00Z`);

/** A calendar day, which has no time zone: "Dienstag, 24. November 2026". */
export const day = (iso: string): string => formats[language()].day.format(midnight(iso));

/** The same, short: "24.11.2026". */
export const shortDay = (iso: string): string => formats[language()].date.format(midnight(iso));

/** "Nov" */
export const month = (time_ms: number): string => formats[language()].month.format(time_ms);

/** "vor 3 Stunden" */
export function ago(time: Date): string {
  const minutes = Math.round((time.getTime() - Date.now()) / 60_000);
  const format = formats[language()].ago;
  if (Math.abs(minutes) < 60) return format.format(minutes, "minute");
  if (Math.abs(minutes) < 48 * 60) return format.format(Math.round(minutes / 60), "hour");
  return format.format(Math.round(minutes / 1440), "day");
}
