/**
 * The list of all pages. Routes, menu, footer, filters, browser tests and benchmarks use it. page-files.ts generates
 * the lists for the servers: which paths exist, and which are about people.
 */
import type { Component } from "solid-js";
import type { Language } from "./i18n/formats.ts";

/** The parts of the menu, in order; the first one has no heading. */
export const menuGroups = [
  { name: "start" },
  { name: "people", title: { de: "Leute", en: "People" } },
  { name: "content", title: { de: "Inhalte", en: "Content" } },
  { name: "time", title: { de: "Zeit", en: "Time" } },
  { name: "memories", title: { de: "Erinnerungen", en: "Memories" } },
] as const satisfies readonly { name: string; title?: PageEntry["title"] }[];

/** Filters, named as in URLs and in the API. */
export const filterNames = ["year", "bid", "uid"] as const;
export type Filter = (typeof filterNames)[number];

export interface PageEntry {
  /** Parameters are numbers: `/users/:uid`. */
  path: string;
  /** The page's folder in pages/. */
  name: string;
  /** The text in the menu or footer, and the heading of the page unless it sets another. */
  title: Readonly<Record<Language, string>>;
  /** The filters that the page uses. */
  filters: readonly Filter[];
  /** If the page uses only single years, or only ranges of years. */
  years?: "single" | "range";
  /** The page chooses users itself: in its path, or by its own parameter `uid`, which then is no filter. */
  hasOwnUsers?: true;
  /** Whether the page is about people: search engines are asked not to index it. */
  isPersonal: boolean;
  /** Where in the menu the page is, in the order of this list, with an icon. */
  group?: (typeof menuGroups)[number]["name"];
  /** Path data of a 20 × 20 line drawing. */
  icon?: string;
  /** On narrow screens always visible, in the bar at the bottom. */
  isTab?: true;
  /** Linked at the foot of every page. */
  isInFooter?: true;
  load: () => Promise<{ default: Component }>;
}

export const pages: readonly PageEntry[] = [
  {
    path: "/",
    name: "overview",
    title: { de: "Überblick", en: "Overview" },
    filters: ["year", "bid"],
    isPersonal: false,
    group: "start",
    icon: "M3 10.5 10 4l7 6.5M5 9v7h10V9",
    isTab: true,
    load: () => import("./pages/overview/page.tsx"),
  },
  {
    path: "/users",
    name: "users",
    title: { de: "Nutzer", en: "Users" },
    filters: ["year", "bid"],
    isPersonal: true,
    group: "people",
    icon: "M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2 16.5c.5-3 2.7-4.5 5.5-4.5s5 1.5 5.5 4.5M13 3.8a3 3 0 0 1 0 5.4M15 12.2c1.7.6 2.7 2 3 4.3",
    isTab: true,
    load: () => import("./pages/users/page.tsx"),
  },
  {
    path: "/users/:uid",
    name: "user",
    title: { de: "Nutzer", en: "User" },
    filters: ["year", "bid"],
    hasOwnUsers: true,
    isPersonal: true,
    load: () => import("./pages/user/page.tsx"),
  },
  {
    path: "/compare",
    name: "compare",
    title: { de: "Vergleich", en: "Compare" },
    filters: ["bid"],
    hasOwnUsers: true,
    isPersonal: true,
    group: "people",
    icon: "M3 15.5 7.5 10l3 2.5L17 4.5M3 10l4-5.5 4 3.5 6 6.5",
    load: () => import("./pages/compare/page.tsx"),
  },
  {
    path: "/pair",
    name: "pair",
    title: { de: "Zu zweit", en: "Pairs" },
    filters: [],
    hasOwnUsers: true,
    isPersonal: true,
    group: "people",
    icon: "M3 7h12M12 4l3 3-3 3M17 13H5M8 10l-3 3 3 3",
    load: () => import("./pages/pair/page.tsx"),
  },
  {
    path: "/streaks",
    name: "streaks",
    title: { de: "Serien", en: "Streaks" },
    filters: [],
    isPersonal: true,
    group: "people",
    icon: "M11 2.5c.5 3 4 4.5 4 8.5a5 5 0 0 1-10 0c0-2 1-3.5 2-4.5.2 1.5 1 2.5 2 2.5 1.5 0 2-3 2-6.5Z",
    load: () => import("./pages/streaks/page.tsx"),
  },
  {
    path: "/cohorts",
    name: "cohorts",
    title: { de: "Jahrgänge", en: "Cohorts" },
    filters: ["bid"],
    isPersonal: false,
    group: "people",
    icon: "M3 3.5h4v4H3ZM3 8h4v4H3ZM7.5 8h4v4h-4ZM3 12.5h4v4H3ZM7.5 12.5h4v4h-4ZM12 12.5h4v4h-4Z",
    load: () => import("./pages/cohorts/page.tsx"),
  },
  {
    path: "/years",
    name: "years",
    title: { de: "Jahre", en: "Years" },
    filters: ["year", "bid", "uid"],
    years: "range",
    isPersonal: false,
    group: "time",
    icon: "M3 16.5h14M5 16.5v-5M9 16.5v-9M13 16.5v-7M17 16.5v-12",
    load: () => import("./pages/years/page.tsx"),
  },
  {
    path: "/weekdays",
    name: "weekdays",
    title: { de: "Wochentage", en: "Weekdays" },
    filters: ["year", "bid", "uid"],
    isPersonal: false,
    group: "time",
    icon: "M3.5 5h13v11.5h-13ZM3.5 8.5h13M7 3v3M13 3v3",
    load: () => import("./pages/weekdays/page.tsx"),
  },
  {
    path: "/days",
    name: "days",
    title: { de: "Tage", en: "Days" },
    filters: ["year", "bid", "uid"],
    years: "single",
    isPersonal: false,
    group: "time",
    icon: "M3.5 3.5h3.5v3.5H3.5ZM8.5 3.5H12v3.5H8.5ZM13.5 3.5H17v3.5h-3.5ZM3.5 8.5H7V12H3.5ZM8.5 8.5H12V12H8.5ZM13.5 8.5H17V12h-3.5ZM3.5 13.5H7V17H3.5ZM8.5 13.5H12V17H8.5Z",
    isTab: true,
    load: () => import("./pages/days/page.tsx"),
  },
  {
    path: "/threads",
    name: "threads",
    title: { de: "Threads", en: "Threads" },
    filters: ["year", "bid"],
    years: "single",
    isPersonal: true,
    group: "content",
    icon: "M3 4h10v7H8l-3 2.5V11H3ZM15 7.5h2v6.5h-2v2.5L12 14H8.5",
    load: () => import("./pages/threads/page.tsx"),
  },
  {
    path: "/threads/:tid",
    name: "thread",
    title: { de: "Thread", en: "Thread" },
    filters: [],
    isPersonal: true,
    load: () => import("./pages/thread/page.tsx"),
  },
  {
    path: "/boards",
    name: "boards",
    title: { de: "Foren", en: "Boards" },
    filters: ["year", "uid"],
    isPersonal: false,
    group: "content",
    icon: "M3 4.5h14v8H9l-3.5 3v-3H3Z",
    load: () => import("./pages/boards/page.tsx"),
  },
  {
    path: "/network",
    name: "network",
    title: { de: "Zitate", en: "Quotes" },
    filters: ["year"],
    years: "single",
    hasOwnUsers: true,
    isPersonal: true,
    group: "people",
    icon: "M5 6.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM15 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM8 17.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM6.9 5l6.2 1.5M5.5 6.5l2 7M13.7 8.6 9.3 14",
    load: () => import("./pages/network/page.tsx"),
  },
  {
    path: "/links",
    name: "links",
    title: { de: "Links", en: "Links" },
    filters: ["year", "uid"],
    isPersonal: false,
    group: "content",
    icon: "M8.5 11.5a3 3 0 0 0 4.3 0l3-3a3 3 0 1 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3 0l-3 3a3 3 0 1 0 4.3 4.3l1-1",
    load: () => import("./pages/links/page.tsx"),
  },
  {
    path: "/trends",
    name: "trends",
    title: { de: "Trends", en: "Trends" },
    filters: ["bid", "uid"],
    isPersonal: true,
    group: "content",
    icon: "M3 14.5c3 0 3-8 6-8s2.5 6 4.5 6 2-3.5 3.5-3.5M3 17h14",
    load: () => import("./pages/trends/page.tsx"),
  },
  {
    path: "/search",
    name: "search",
    title: { de: "Suche", en: "Search" },
    filters: ["year", "bid", "uid"],
    isPersonal: true,
    group: "start",
    icon: "M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12ZM13.5 13.5 17.5 17.5",
    isTab: true,
    load: () => import("./pages/search/page.tsx"),
  },
  {
    path: "/records",
    name: "records",
    title: { de: "Rekorde", en: "Records" },
    filters: ["bid"],
    isPersonal: true,
    group: "memories",
    icon: "M6 3.5h8v4a4 4 0 0 1-8 0ZM6 5H3.5c0 2.5 1 4 3 4M14 5h2.5c0 2.5-1 4-3 4M10 11.5v3M6.5 16.5h7",
    load: () => import("./pages/records/page.tsx"),
  },
  {
    path: "/on-this-day",
    name: "on-this-day",
    title: { de: "An diesem Tag", en: "On this day" },
    filters: ["bid"],
    isPersonal: true,
    group: "memories",
    icon: "M4 5.5A7.5 7.5 0 1 1 2.5 10M4 2.5v3.5h3.5M10 6v4.200l3 1.800",
    load: () => import("./pages/on-this-day/page.tsx"),
  },
  {
    path: "/recap/:year",
    name: "recap",
    title: { de: "Jahresrückblick", en: "Recap" },
    filters: [],
    isPersonal: true,
    load: () => import("./pages/recap/page.tsx"),
  },
  {
    path: "/recap/:year/boards/:bid",
    name: "board-recap",
    title: { de: "Jahresrückblick", en: "Recap" },
    filters: [],
    isPersonal: true,
    load: () => import("./pages/board-recap/page.tsx"),
  },
  {
    path: "/recap/:year/users/:uid",
    name: "user-recap",
    title: { de: "Jahresrückblick", en: "Recap" },
    filters: [],
    hasOwnUsers: true,
    isPersonal: true,
    load: () => import("./pages/user-recap/page.tsx"),
  },
  {
    path: "/imprint",
    name: "imprint",
    title: { de: "Impressum", en: "Imprint" },
    filters: [],
    isPersonal: false,
    isInFooter: true,
    load: () => import("./pages/imprint/page.tsx"),
  },
  {
    path: "/privacy",
    name: "privacy",
    title: { de: "Datenschutz", en: "Privacy" },
    filters: [],
    isPersonal: false,
    isInFooter: true,
    load: () => import("./pages/privacy/page.tsx"),
  },
];

/** A regular expression that matches exactly the paths of all pages. */
export const pagePattern = (): string => pagePatternOf(...pages.map(({ path }) => path));

/** A regular expression that matches exactly these paths of pages. */
export const pagePatternOf = (...paths: string[]): string =>
  `^/(?:${paths.map((path) => path.slice(1).replaceAll(/:\w+/g, "\\d+")).join("|")})/?$`;

/** First segments of the pages about people: `users` covers `/users/:uid` as well. */
export const personalRoots = (): string[] => [
  ...new Set(pages.filter(({ isPersonal }) => isPersonal).map(({ path }) => path.split("/")[1] ?? "")),
];
