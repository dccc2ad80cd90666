/**
 * The reader's language: German by default, or English; the choice is stored.
 *
 * The file of a page, card, chart or dialog contains its texts in both languages: see `texts`. de.ts and en.ts contain
 * the shared texts: names of statistics, columns, units and filters, and errors. pages.ts contains the titles of pages.
 */
import { createRoot, createSignal } from "solid-js";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { type Formats, formatsOf, type Language } from "./formats.ts";

export type { Language };

function remember(chosen: Language): void {
  try {
    localStorage.setItem("lang", chosen);
  } catch {
    // Storage may be blocked: the choice then lasts until the page is reloaded.
  }
}

/** `?lang` counts as the reader's choice. */
function initial(): Language {
  const requested = new URLSearchParams(location.search).get("lang");
  if (requested === "de" || requested === "en") {
    remember(requested);
    return requested;
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

/**
 * Declares the texts of one file. The keys and types of English are those of German.
 * @returns a signal of the texts in the reader's language
 */
export const texts =
  <Texts>(translations: { de: Texts; en: NoInfer<Texts> }): (() => Texts) =>
  () =>
    translations[language()];

/** The texts that several files share. */
export const t = texts({ de, en });

const formatters: Partial<Record<Language, Formats>> = {};
const formats = () => (formatters[language()] ??= formatsOf(language()));

export const number = (value: number): string => formats().number(value);
export const percent = (share: number): string => formats().percent(share);
export const seconds = (value_s: number): string => formats().seconds(value_s);
export const dateTime = (time: Date): string => formats().dateTime(time);
export const day = (iso: string): string => formats().day(iso);
export const shortDay = (iso: string): string => formats().shortDay(iso);
export const tinyDay = (iso: string): string => formats().tinyDay(iso);
export const monthOfYear = (iso: string): string => formats().monthOfYear(iso);
export const dayOfYear = (iso: string): string => formats().dayOfYear(iso);
export const shortDayOfYear = (iso: string): string => formats().shortDayOfYear(iso);
export const duration = (value_s: number): string => formats().duration(value_s);
/** A duration of one or more whole units. */
export const wholeDuration = (value_s: number): string => formats().duration(value_s, true);
export const month = (time_ms: number): string => formats().month(time_ms);
/** 0 is Monday. */
export const weekday = (at: number): string => formats().weekday(at);
export const shortWeekday = (at: number): string => formats().shortWeekday(at);
export const ago = (time: Date): string => formats().ago(time, Date.now());
