/** Titles and units of the statistics in charts. */
import { plural } from "../i18n/formats.ts";
import { number, t, texts } from "../i18n/index.ts";

const text = texts({
  de: {
    titles: {
      post_count: "Posts",
      active_users: "Aktive Nutzer",
      edit_count: "Bearbeitungen",
      avg_post_length: "Zeichen je Post",
      threads_created: "Eröffnete Threads",
      quoted_count: "Erhaltene Zitate",
      quotes_count: "Eigene Zitate",
      thread_count: "Threads",
      link_count: "Verlinkungen",
    },
    edits: (count: number) => plural(count, "Bearbeitung", "Bearbeitungen"),
    characters: "Zeichen je Post",
    quotes: (count: number) => plural(count, "Zitat", "Zitate"),
    links: (count: number) => plural(count, "Verlinkung", "Verlinkungen"),
    by: {
      year: (title: string) => `${title} nach Jahr`,
      weekday: (title: string) => `${title} nach Wochentag`,
      board: (title: string) => `${title} nach Forum`,
      domain: (title: string) => `${title} nach Domain`,
    },
  },
  en: {
    titles: {
      post_count: "Posts",
      active_users: "Active users",
      edit_count: "Edits",
      avg_post_length: "Characters per post",
      threads_created: "Threads started",
      quoted_count: "Times quoted",
      quotes_count: "Quotes made",
      thread_count: "Threads",
      link_count: "Links",
    },
    edits: (count) => plural(count, "edit", "edits"),
    characters: "characters per post",
    quotes: (count) => plural(count, "quote", "quotes"),
    links: (count) => plural(count, "link", "links"),
    by: {
      year: (title) => `${title} by year`,
      weekday: (title) => `${title} by weekday`,
      board: (title) => `${title} by board`,
      domain: (title) => `${title} by domain`,
    },
  },
});

/** What a chart can show. */
export type Measure = keyof ReturnType<typeof text>["titles"];

/** "Posts" */
export const titleOf = (measure: Measure): string => text().titles[measure];

/** "Posts nach Jahr" */
export const titleBy = (measure: Measure, by: keyof ReturnType<typeof text>["by"]): string =>
  text().by[by](titleOf(measure));

const units: Record<Measure, (count: number) => string> = {
  post_count: (count) => t().units.posts(count),
  active_users: (count) => t().units.activeUsers(count),
  edit_count: (count) => text().edits(count),
  avg_post_length: () => text().characters,
  threads_created: (count) => t().units.threads(count),
  quoted_count: (count) => text().quotes(count),
  quotes_count: (count) => text().quotes(count),
  thread_count: (count) => t().units.threads(count),
  link_count: (count) => text().links(count),
};

/** "1.234 Posts" */
export const withUnit = (measure: Measure, value: number): string => `${number(value)} ${units[measure](value)}`;
