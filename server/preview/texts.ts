/** The texts of link previews, in both languages. */

export type Language = "de" | "en";

const plural = (count: number, one: string, other: string): string => (count === 1 ? one : other);

function wordsOf(language: Language) {
  const numbers = new Intl.NumberFormat(language);
  const days = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" });
  const daysOfYear = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", timeZone: "UTC" });
  const fullDays = new Intl.DateTimeFormat(language, { dateStyle: "full", timeZone: "UTC" });
  const date = (iso: string) => new Date(`${iso.slice(0, 10)}T00:00:00Z`);
  const counted = (one: string, other: string) => (count: number) =>
    `${numbers.format(count)} ${plural(count, one, other)}`;
  return {
    number: (value: number) => numbers.format(value),
    day: (iso: string) => days.format(date(iso)),
    dayOfYear: (iso: string) => daysOfYear.format(date(iso)),
    fullDay: (iso: string) => fullDays.format(date(iso)),
    counted,
  };
}

const inGerman = wordsOf("de");
const inEnglish = wordsOf("en");

const de = {
  ...inGerman,
  posts: inGerman.counted("Post", "Posts"),
  userThreads: inGerman.counted("Thread", "Threads"),
  general: "Ein pOTsches Informationsportal: Statistik und Suche",
  threads: inGerman.counted("neuer Thread", "neue Threads"),
  activeUsers: inGerman.counted("aktiver Nutzer", "aktive Nutzer"),
  and: (parts: string[]) => new Intl.ListFormat("de").format(parts),
  span: (first: string, last: string) => `vom ${inGerman.day(first)} bis zum ${inGerman.day(last)}`,
  quoted: (count: number) => `${inGerman.number(count)}-mal zitiert`,
  quotes: (one: string, other: string, count: number) => `${one} zitiert ${other} ${inGerman.number(count)}-mal`,
  rank: (rank: number) => `Platz ${inGerman.number(rank)} nach Posts`,
  formerly: (names: string[]) => `früher ${names.join(", ")}`,
  participants: inGerman.counted("Teilnehmer", "Teilnehmer"),
  part: (position: number, threads: number) => `Teil ${inGerman.number(position)} von ${inGerman.number(threads)}`,
  onThisDay: (day: string, posts: number, years: number) =>
    `Was am ${day} geschah: ${inGerman.counted("Post", "Posts")(posts)} aus ${inGerman.counted("Jahr", "Jahren")(years)}.`,
  recap: (year: string) => `Rückblick ${year}`,
  favouriteBoard: (board: string) => `am meisten in ${board}`,
  topThread: (title: string) => `Thread des Jahres: ${title}`,
  glance: "Das Forum auf einen Blick",
  busiest: (title: string) => `Aktivster Thread: ${title}`,
  pages: {
    users: "Wer schreibt wie viel? Alle Nutzer mit Posts, Threads und Zitaten.",
    compare: "Mehrere Nutzer im Vergleich, Jahr für Jahr.",
    pair: "Eine Freundschaft oder eine Fehde: wer wen zitiert, Jahr für Jahr, und was beide verbindet.",
    cohorts: "Wer blieb? Nutzer nach dem Jahr ihres ersten Posts, und was sie seitdem schreiben.",
    trends: "Wie oft über etwas geschrieben wurde, Jahr für Jahr: bis zu sechs Wörter als Linien.",
    years: "Posts, Threads und aktive Nutzer Jahr für Jahr.",
    weekdays: "An welchen Tagen und zu welchen Stunden geschrieben wird.",
    days: "Jeder Tag eines Jahres, mit seinen aktivsten Threads.",
    boards: "Alle Foren mit ihren Threads und Posts.",
    network: "Wer wen zitiert, als Netz und als Tabelle.",
    links: "Welche Seiten am häufigsten verlinkt werden, und von wem.",
    threads: "Alle Threads: wie schnell geantwortet wird, und wie lange sie leben.",
    thread: "Das Leben eines Threads: wer wann schrieb, und was zitiert wurde.",
    streaks: "Wer Tag für Tag schrieb, und wer verschwand und wiederkam.",
    records: "Alle Rekorde des Forums: wer sie hält, und wer sie davor hielt.",
    "on-this-day": "Was an diesem Tag geschah, Jahr für Jahr.",
    recap: "Das Jahr auf Karten, mit Zahlen, Rekorden und dem Thread des Jahres.",
    search: "Posts und Threads durchsuchen.",
  } as Record<string, string>,
  labels: {
    post_count: "Posts",
    threads_created: "neue Threads",
    active_users: "aktive Nutzer",
    days: "Tage mit Posts",
    user_threads: "Threads",
    quoted_count: "zitiert",
    rank: "Platz nach Posts",
    byDay: "Posts je Tag",
    byYear: "Posts je Jahr",
  },
};

const en: typeof de = {
  ...inEnglish,
  posts: inEnglish.counted("post", "posts"),
  userThreads: inEnglish.counted("thread", "threads"),
  general: "Statistics and search of the forum",
  threads: inEnglish.counted("new thread", "new threads"),
  activeUsers: inEnglish.counted("active user", "active users"),
  and: (parts) => new Intl.ListFormat("en").format(parts),
  span: (first, last) => `from ${inEnglish.day(first)} to ${inEnglish.day(last)}`,
  quoted: (count) => `quoted ${inEnglish.counted("time", "times")(count)}`,
  quotes: (one, other, count) => `${one} quotes ${other} ${inEnglish.counted("time", "times")(count)}`,
  rank: (rank) => `rank ${inEnglish.number(rank)} by posts`,
  formerly: (names) => `formerly ${names.join(", ")}`,
  participants: inEnglish.counted("participant", "participants"),
  part: (position, threads) => `part ${inEnglish.number(position)} of ${inEnglish.number(threads)}`,
  onThisDay: (day, posts, years) =>
    `What happened on ${day}: ${inEnglish.counted("post", "posts")(posts)} from ${inEnglish.counted("year", "years")(years)}.`,
  recap: (year) => `Recap ${year}`,
  favouriteBoard: (board) => `mostly in ${board}`,
  topThread: (title) => `thread of the year: ${title}`,
  glance: "The forum at a glance",
  busiest: (title) => `Busiest thread: ${title}`,
  pages: {
    users: "Who writes how much? All users with posts, threads and quotes.",
    compare: "Several users compared, year by year.",
    pair: "A friendship or a feud: who quotes whom, year by year, and what both have in common.",
    cohorts: "Who stayed? Users by the year of their first post, and what they have written since.",
    trends: "How often people wrote about something, year by year: up to six words as lines.",
    years: "Posts, threads and active users, year by year.",
    weekdays: "The days and hours at which people write.",
    days: "Every day of a year, with its busiest threads.",
    boards: "All boards with their threads and posts.",
    network: "Who quotes whom, as a graph and as a table.",
    links: "The most-linked sites, and who links to them.",
    threads: "All threads: how soon people reply, and how long threads live.",
    thread: "The life of a thread: who wrote when, and what was quoted.",
    streaks: "Who wrote day after day, and who vanished and came back.",
    records: "All records of the forum: who holds them, and who held them before.",
    "on-this-day": "What happened on this day, year by year.",
    recap: "The year on cards, with numbers, records and the thread of the year.",
    search: "Search posts and threads.",
  },
  labels: {
    post_count: "posts",
    threads_created: "new threads",
    active_users: "active users",
    days: "days with posts",
    user_threads: "threads",
    quoted_count: "times quoted",
    rank: "rank by posts",
    byDay: "Posts per day",
    byYear: "Posts per year",
  },
};

export const texts: Record<Language, typeof de> = { de, en };

/** Characters that are invisible, break lines, or change the direction of what follows. */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** Text from the forum on one line, cut to a number of characters. */
export function plain(text: string, length: number): string {
  const characters = Array.from(text.replaceAll(unprintable, " ").replaceAll(/\s+/g, " ").trim());
  return characters.length <= length ? characters.join("") : `${characters.slice(0, length - 1).join("")}…`;
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text for HTML and SVG, in elements and in quoted attributes. */
export const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? "");
