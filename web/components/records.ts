/** What the records are called and how their values read, on the page of the records and in the news. */
import type { Records } from "../api.ts";
import { plural } from "../i18n/formats.ts";
import { duration, monthOfYear, number, shortDay, t, texts } from "../i18n/index.ts";

export type RecordName = Records["rows"][number]["record"];

/** An entry of a record's history. */
export type RecordEntry = Records["rows"][number]["history"][number];

const text = texts({
  de: {
    titles: {
      busiest_day: "Tag mit den meisten Posts",
      busiest_week: "Woche mit den meisten Posts",
      busiest_month: "Monat mit den meisten Posts",
      busiest_year: "Jahr mit den meisten Posts",
      most_people: "Tag mit den meisten Nutzern",
      user_day: "Meiste Posts an einem Tag",
      user_week: "Meiste Posts in einer Woche",
      user_month: "Meiste Posts in einem Monat",
      user_year: "Meiste Posts in einem Jahr",
      longest_streak: "Längste Serie",
      longest_pause: "Längste Pause",
      longest_post: "Längster Post",
      most_quoted_post: "Meistzitierter Post",
      most_links: "Post mit den meisten Links",
      most_quotes: "Post mit den meisten Zitaten",
      largest_thread: "Größter Thread",
      most_participants: "Thread mit den meisten Teilnehmern",
      fastest_thread: "Schnellster Thread",
      longest_silence: "Längste Stille",
      most_boards: "Meiste Foren an einem Tag",
    },
    users: (count: number) => plural(count, "Nutzer", "Nutzer"),
    characters: "Zeichen",
    quotedBy: (count: number) => plural(count, "Zitat", "Zitate"),
    links: (count: number) => plural(count, "Link", "Links"),
    quotes: (count: number) => plural(count, "Zitat", "Zitate"),
    participants: (count: number) => plural(count, "Teilnehmer", "Teilnehmer"),
    inADay: (count: number) => plural(count, "Post in 24 Stunden", "Posts in 24 Stunden"),
    boards: (count: number) => plural(count, "Forum", "Foren"),
    week: (from: string) => `Woche ab ${from}`,
    since: (day: string) => `ab ${day}`,
  },
  en: {
    titles: {
      busiest_day: "Day with the most posts",
      busiest_week: "Week with the most posts",
      busiest_month: "Month with the most posts",
      busiest_year: "Year with the most posts",
      most_people: "Day with the most users",
      user_day: "Most posts in a day",
      user_week: "Most posts in a week",
      user_month: "Most posts in a month",
      user_year: "Most posts in a year",
      longest_streak: "Longest streak",
      longest_pause: "Longest pause",
      longest_post: "Longest post",
      most_quoted_post: "Most quoted post",
      most_links: "Post with the most links",
      most_quotes: "Post with the most quotes",
      largest_thread: "Largest thread",
      most_participants: "Thread with the most participants",
      fastest_thread: "Fastest thread",
      longest_silence: "Longest silence",
      most_boards: "Most boards in a day",
    },
    users: (count) => plural(count, "user", "users"),
    characters: "characters",
    quotedBy: (count) => plural(count, "quote", "quotes"),
    links: (count) => plural(count, "link", "links"),
    quotes: (count) => plural(count, "quote", "quotes"),
    participants: (count) => plural(count, "participant", "participants"),
    inADay: (count) => plural(count, "post in 24 hours", "posts in 24 hours"),
    boards: (count) => plural(count, "board", "boards"),
    week: (from) => `week of ${from}`,
    since: (day) => `from ${day}`,
  },
});

/** "Längste Serie" */
export const recordTitle = (record: RecordName): string => text().titles[record];

const unitOf: Partial<Record<RecordName, (count: number) => string>> = {
  most_people: (count) => text().users(count),
  longest_streak: (count) => t().units.days(count),
  longest_pause: (count) => t().units.days(count),
  longest_post: () => text().characters,
  most_quoted_post: (count) => text().quotedBy(count),
  most_links: (count) => text().links(count),
  most_quotes: (count) => text().quotes(count),
  most_participants: (count) => text().participants(count),
  fastest_thread: (count) => text().inADay(count),
  most_boards: (count) => text().boards(count),
};

/** "244 Tage" */
export const recordValue = (record: RecordName, value: number): string =>
  record === "longest_silence" ? duration(value) : `${number(value)} ${(unitOf[record] ?? t().units.posts)(value)}`;

/** When a record was set, as exactly as its kind allows: "Dezember 2009", "Woche ab 29.06.2009", "01.07.2015". */
export function recordMoment(record: RecordName, { day }: RecordEntry): string {
  if (record.endsWith("_year")) return String(Number(day.slice(0, 4)));
  if (record.endsWith("_month")) return monthOfYear(day);
  if (record.endsWith("_week")) return text().week(shortDay(day));
  return record === "longest_streak" ? text().since(shortDay(day)) : shortDay(day);
}
