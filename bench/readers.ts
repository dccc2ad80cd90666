/** Readers of an evening: which pages they open, what these request, and how long people look at them. */

/** What readers may ask for. */
export interface Forum {
  /** By posts, most first. */
  uids: number[];
  years: number[];
  bids: number[];
  /** The latest days with posts, `2012-05-01`. */
  days: string[];
  /** By posts, most first. */
  tids: number[];
}

/** Skewed: the first are drawn far more often than the last, as busy users are looked up more often. */
const favorite = <T>(values: readonly T[]): T => values[Math.floor(values.length * Math.random() ** 3)]!;

const words = [
  "wetter",
  "grafikkarten",
  "kuchen -musik",
  "ich habe ein fahrrad",
  '"auf der straße"',
  "has:link rechner",
];

const oftenAYear = (forum: Forum) => (Math.random() < 0.3 ? `year=${favorite(forum.years)}` : "");
const sometimesABoard = (forum: Forum) => (Math.random() < 0.2 ? `bid=${favorite(forum.bids)}` : "");
const query = (...parts: string[]) => parts.filter((part) => part !== "").join("&");

/** A page: how often it is opened, and the requests that it makes at a time. Search waits between keystrokes. */
interface Page {
  name: string;
  /** Out of 100. */
  share: number;
  requests(forum: Forum): string[];
  isTyped?: true;
}

export const pages: Page[] = [
  {
    name: "overview",
    share: 25,
    requests: () => ["status", "years", "overview", "news", "on-this-day", "poster-stats?limit=10", "boards"],
  },
  {
    name: "users",
    share: 12,
    requests: (forum) => {
      const filters = query(oftenAYear(forum), sometimesABoard(forum));
      const order = favorite(["post_count", "quoted_count", "avg_post_length", "threads_created"]);
      return [`poster-stats?${query(filters, "min_posts=1", `order_by=${order}`, "order=desc", "limit=200")}`];
    },
  },
  {
    name: "user",
    share: 15,
    requests: (forum) => {
      const uid = `uid=${favorite(forum.uids)}`;
      const year = oftenAYear(forum);
      return [
        `poster-development?${uid}`,
        `user-stats?${query(uid, year)}`,
        `user-daily-stats?${uid}&year=${favorite(forum.years)}`,
        `user-hourly-stats?${query(uid, year)}`,
        `user-quotes?${query(uid, year)}&direction=quoting`,
        `user-quotes?${query(uid, year)}&direction=quoted_by`,
        `user-threads?${uid}`,
        `user-streaks?${uid}`,
      ];
    },
  },
  {
    name: "threads",
    share: 12,
    requests: (forum) => {
      const filters = query(oftenAYear(forum), sometimesABoard(forum));
      return [
        `threads?${query(filters, `order_by=${favorite(["post_count", "participants", "opened"])}`, "limit=200")}`,
        `thread-replies?${filters}`,
        `thread?tid=${favorite(forum.tids)}`,
      ];
    },
  },
  {
    name: "records, streaks, on this day",
    share: 5,
    requests: (forum) => [
      `records?${sometimesABoard(forum)}`,
      "streaks?limit=200",
      `on-this-day?date=${favorite(forum.days).slice(5)}`,
    ],
  },
  {
    name: "years, weekdays, boards",
    share: 6,
    requests: (forum) => {
      const board = sometimesABoard(forum);
      return [`year-over-year-stats?${board}`, `weekday-stats?${board}`, `hourly-stats?${board}`, "boards"];
    },
  },
  {
    name: "days",
    share: 6,
    requests: (forum) => [
      `daily-stats?statistic=active_users&year=${favorite(forum.years)}`,
      `day-stats?day=${favorite(forum.days)}`,
    ],
  },
  {
    name: "network and links",
    share: 4,
    requests: (forum) => [`network?${oftenAYear(forum)}`, `domains?${oftenAYear(forum)}`, "social-graph?limit=100"],
  },
  {
    name: "search",
    share: 15,
    isTyped: true,
    requests: () => {
      const text = favorite(words);
      // Every second letter: people type faster than pages ask.
      const typed = Array.from(text, (_, at) => text.slice(0, at + 1)).filter((_, at) => at % 2 === 1);
      return typed.map((prefix) => `search?type=post&group=thread&facets&content=${encodeURIComponent(prefix)}`);
    },
  },
];

/** A page, drawn by its share. */
export function drawPage(): Page {
  let at = Math.random() * pages.reduce((sum, { share }) => sum + share, 0);
  return pages.find(({ share }) => (at -= share) < 0) ?? pages[0]!;
}

/** How long somebody looks at a page before opening the next, in milliseconds: 10 s on average, often less. */
export const look_ms = (): number => -10_000 * Math.log(1 - Math.random());
