/** The reader's language: German first, English one click away, remembered. */
import { createRoot, createSignal } from "solid-js";
import { de, type Messages } from "./de.ts";
import { en } from "./en.ts";

export type Language = "de" | "en";
const languages: Record<Language, Messages> = { de, en };

function initial(): Language {
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked === "de" || asked === "en") return asked;
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
  try {
    localStorage.setItem("lang", next);
  } catch {
    // Not remembered then.
  }
}

/** The texts in the reader's language. */
export const t = (): Messages => languages[language()];

/** A number as the reader writes it. */
export const number = (value: number): string => new Intl.NumberFormat(language()).format(value);

/** "24. Nov. 2026, 13:05" */
export const dateTime = (time: Date): string =>
  new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short" }).format(time);

/** A calendar day, which has no time zone. */
export const day = (iso: string): string =>
  new Intl.DateTimeFormat(language(), { dateStyle: "full", timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`));

/** "vor 3 Stunden" */
export function ago(time: Date): string {
  const minutes = Math.round((time.getTime() - Date.now()) / 60_000);
  const format = new Intl.RelativeTimeFormat(language(), { numeric: "auto" });
  if (Math.abs(minutes) < 60) return format.format(minutes, "minute");
  if (Math.abs(minutes) < 48 * 60) return format.format(Math.round(minutes / 60), "hour");
  return format.format(Math.round(minutes / 1440), "day");
}
