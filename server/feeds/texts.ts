/** The texts of feeds and badges, in both languages. */
import type { Language } from "../preview/texts.ts";
import type { RecordName } from "../queries/records.ts";

export type { Language };

const numbers = { de: new Intl.NumberFormat("de"), en: new Intl.NumberFormat("en") };
const days = {
  de: new Intl.DateTimeFormat("de", { dateStyle: "long", timeZone: "UTC" }),
  en: new Intl.DateTimeFormat("en", { dateStyle: "long", timeZone: "UTC" }),
};
const months = {
  de: new Intl.DateTimeFormat("de", { month: "long", year: "numeric", timeZone: "UTC" }),
  en: new Intl.DateTimeFormat("en", { month: "long", year: "numeric", timeZone: "UTC" }),
};
const dateOf = (day: string) => new Date(`${day}T00:00:00Z`);

const wordsOf = (language: Language) => ({
  number: (value: number) => numbers[language].format(value),
  day: (day: string) => days[language].format(dateOf(day)),
  month: (day: string) => months[language].format(dateOf(day)),
  counted: (count: number, one: string, other: string) =>
    `${numbers[language].format(count)} ${count === 1 ? one : other}`,
});
const inGerman = wordsOf("de");
const inEnglish = wordsOf("en");

interface Texts {
  number(value: number): string;
  day(day: string): string;
  month(day: string): string;
  feeds: { records: string; milestones: string; search: string };
  records: Record<RecordName, string>;
  /** A record's value with its unit. */
  values: Record<RecordName, (value: number) => string>;
  week(day: string): string;
  /** Title of the feed of a board. */
  inBoard(title: string, board: string): string;
  /** "… of a thread", "… by a user". */
  inThread(text: string, thread: string): string;
  by(text: string, user: string): string;
  milestone(number: number): string;
  badge: {
    posts(count: number): string;
    place(place: number): string;
    running(days: number): string;
    longest(days: number): string;
    none: string;
  };
}

const deUnits = {
  posts: (count: number) => inGerman.counted(count, "Post", "Posts"),
  users: (count: number) => inGerman.counted(count, "Nutzer", "Nutzer"),
  days: (count: number) => inGerman.counted(count, "Tag", "Tage"),
  quotes: (count: number) => inGerman.counted(count, "Zitat", "Zitate"),
};
const enUnits = {
  posts: (count: number) => inEnglish.counted(count, "post", "posts"),
  users: (count: number) => inEnglish.counted(count, "user", "users"),
  days: (count: number) => inEnglish.counted(count, "day", "days"),
  quotes: (count: number) => inEnglish.counted(count, "quote", "quotes"),
};

/** Records that count posts. */
const ofPosts = (posts: (count: number) => string) => ({
  busiest_day: posts,
  busiest_week: posts,
  busiest_month: posts,
  busiest_year: posts,
  user_day: posts,
  user_week: posts,
  user_month: posts,
  user_year: posts,
  largest_thread: posts,
});

/** Seconds in the largest unit that is full. */
function duration(seconds: number, count: typeof inGerman.counted, units: [number, string, string][]): string {
  const [size = 1, one = "", other = ""] = units.find(([length]) => seconds >= length) ?? units.at(-1) ?? [];
  return count(Math.floor(seconds / size), one, other);
}

const de: Texts = {
  ...inGerman,
  feeds: { records: "Rekorde", milestones: "Meilensteine", search: "Suche" },
  records: {
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
  values: {
    ...ofPosts(deUnits.posts),
    most_people: deUnits.users,
    longest_streak: deUnits.days,
    longest_pause: deUnits.days,
    longest_post: (count) => `${inGerman.number(count)} Zeichen`,
    most_quoted_post: deUnits.quotes,
    most_links: (count) => inGerman.counted(count, "Link", "Links"),
    most_quotes: deUnits.quotes,
    most_participants: (count) => `${inGerman.number(count)} Teilnehmer`,
    fastest_thread: (count) => inGerman.counted(count, "Post in 24 Stunden", "Posts in 24 Stunden"),
    longest_silence: (seconds) =>
      duration(seconds, inGerman.counted, [
        [86_400, "Tag", "Tage"],
        [3600, "Stunde", "Stunden"],
        [60, "Minute", "Minuten"],
        [1, "Sekunde", "Sekunden"],
      ]),
    most_boards: (count) => inGerman.counted(count, "Forum", "Foren"),
  },
  week: (day) => `Woche ab ${inGerman.day(day)}`,
  inBoard: (title, board) => `${title} in ${board}`,
  inThread: (text, thread) => `${text} in „${thread}“`,
  by: (text, user) => `${text} von ${user}`,
  milestone: (number) => `Der ${inGerman.number(number)}. Post`,
  badge: {
    posts: deUnits.posts,
    place: (place) => `Platz ${inGerman.number(place)}`,
    running: (count) => `Serie: ${deUnits.days(count)}`,
    longest: (count) => `längste Serie: ${deUnits.days(count)}`,
    none: "noch keine Posts",
  },
};

const en: Texts = {
  ...inEnglish,
  feeds: { records: "Records", milestones: "Milestones", search: "Search" },
  records: {
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
  values: {
    ...ofPosts(enUnits.posts),
    most_people: enUnits.users,
    longest_streak: enUnits.days,
    longest_pause: enUnits.days,
    longest_post: (count) => inEnglish.counted(count, "character", "characters"),
    most_quoted_post: enUnits.quotes,
    most_links: (count) => inEnglish.counted(count, "link", "links"),
    most_quotes: enUnits.quotes,
    most_participants: (count) => inEnglish.counted(count, "participant", "participants"),
    fastest_thread: (count) => inEnglish.counted(count, "post in 24 hours", "posts in 24 hours"),
    longest_silence: (seconds) =>
      duration(seconds, inEnglish.counted, [
        [86_400, "day", "days"],
        [3600, "hour", "hours"],
        [60, "minute", "minutes"],
        [1, "second", "seconds"],
      ]),
    most_boards: (count) => inEnglish.counted(count, "board", "boards"),
  },
  week: (day) => `week of ${inEnglish.day(day)}`,
  inBoard: (title, board) => `${title} in ${board}`,
  inThread: (text, thread) => `${text} in “${thread}”`,
  by: (text, user) => `${text} by ${user}`,
  milestone: (number) => `Post number ${inEnglish.number(number)}`,
  badge: {
    posts: enUnits.posts,
    place: (place) => `rank ${inEnglish.number(place)}`,
    running: (count) => `streak: ${enUnits.days(count)}`,
    longest: (count) => `longest streak: ${enUnits.days(count)}`,
    none: "no posts yet",
  },
};

export const texts: Record<Language, Texts> = { de, en };
