/** What the gallery shows: every page, and the states that a page has with parameters. */
import { pages } from "@potstats/web/pages";

export interface View {
  /** The folder of the page in web/pages/, or "missing" for an address without a page. */
  page: string;
  /** What is special about this view; empty for the page as it is opened from the menu. */
  state: string;
  /** Path and parameters. */
  address: string;
}

/** What exists in the forum, to fill in addresses. */
export interface Samples {
  /** Users, the most active first. */
  uids: number[];
  /** A day with many posts. */
  day: string;
  /** A domain that is often linked. */
  domain: string;
  /** The largest thread, and one that is part of a series. */
  tids: number[];
}

/** Responses of the API, as far as they are used here. */
interface Posters {
  rows: { User: { uid: number } }[];
}
interface Overview {
  records: { most_posts: { day: string } };
}
interface Domains {
  rows: { domain: string }[];
}
interface Threads {
  rows: { thread: { tid: number; title: string } }[];
}

/** @param url the address of the server */
export async function findSamples(url: string): Promise<Samples> {
  const ask = async <Answer>(path: string) => (await (await fetch(url + path)).json()) as Answer;
  const [posters, overview, domains, threads] = await Promise.all([
    ask<Posters>("/api/poster-stats?limit=6"),
    ask<Overview>("/api/overview"),
    ask<Domains>("/api/domains?limit=1"),
    ask<Threads>("/api/threads?limit=10000"),
  ]);
  const part = threads.rows.find(({ thread }) => /Teil \d/.test(thread.title));
  return {
    uids: posters.rows.map(({ User }) => User.uid),
    day: overview.records.most_posts.day,
    domain: domains.rows[0]?.domain ?? "",
    tids: [threads.rows[0], part].map((row) => row?.thread.tid ?? 0),
  };
}

/** The boards and years that every simulated forum has. */
const filter = "year=2017&bid=14";

/** Pages that show more with parameters, by name. */
const states = ({ uids, day, domain, tids }: Samples): Record<string, Record<string, string>> => ({
  overview: { filtered: `/?${filter}` },
  users: { filtered: `/users?${filter}` },
  user: { filtered: `/users/${uids[0]}?${filter}`, unknown: "/users/99999999" },
  compare: {
    three: `/compare?${uids
      .slice(0, 3)
      .map((uid) => `uid=${uid}`)
      .join("&")}`,
    six: `/compare?${uids.map((uid) => `uid=${uid}`).join("&")}`,
  },
  pair: {
    two: `/pair?uid=${uids[0]}&with=${uids[1]}`,
    one: `/pair?uid=${uids[0]}`,
    same: `/pair?uid=${uids[0]}&with=${uids[0]}`,
    unknown: `/pair?uid=${uids[0]}&with=99999999`,
  },
  cohorts: { board: "/cohorts?bid=14&axis=year" },
  trends: {
    words: "/trends?q=Klingelton&q=Lastenrad&q=Fahrrad",
    months: `/trends?q=${encodeURIComponent("Glühwein")}&per=month&smooth=2&show=count`,
    unknown: "/trends?q=user%3Anobody-has-this-name",
  },
  streaks: { pauses: "/streaks?order_by=pause" },
  threads: { filtered: `/threads?${filter}`, silences: "/threads?order_by=longest_silence_s&chart=lifetime" },
  thread: { series: `/threads/${tids[1]}`, unknown: "/threads/999999999" },
  records: { board: "/records?bid=14" },
  recap: { days: "/recap/2017?card=days", thread: "/recap/2017?card=top_thread" },
  "on-this-day": { "leap-day": "/on-this-day?date=02-29" },
  days: { day: `/days?day=${day}` },
  network: { year: "/network?year=2017" },
  links: { domain: `/links?domain=${encodeURIComponent(domain)}` },
  search: {
    posts: `/search?q=${encodeURIComponent("Lüftern")}`,
    threads: `/search?q=${encodeURIComponent("Lüftern")}&type=thread`,
    "no-hits": "/search?q=xyzzyxyzzy",
    filtered: `/search?q=${encodeURIComponent("Lüftern")}&${filter}`,
  },
  missing: { page: "/no-such-page" },
});

/** The names that {@link viewsOf} knows. */
export const pageNames: readonly string[] = [...pages.map(({ name }) => name), "missing"];

/** All views, in the order of the menu. */
export function viewsOf(samples: Samples): View[] {
  const more = states(samples);
  return pageNames.flatMap((name) => {
    const path = pages
      .find((page) => page.name === name)
      ?.path.replace(":uid", String(samples.uids[0]))
      .replace(":tid", String(samples.tids[0]))
      .replace(":year", "2017")
      .replace(":bid", "14");
    return [
      ...(path === undefined ? [] : [{ page: name, state: "", address: path }]),
      ...Object.entries(more[name] ?? {}).map(([state, address]) => ({ page: name, state, address })),
    ];
  });
}
