/** What the feeds contain: records, milestones and the hits of a search. */
import type { PostHit, SearchResponse, ThreadHit } from "@potstats/search/contract";
import { plain } from "../preview/texts.ts";
import type { RecordEntry, RecordName } from "../queries/records.ts";
import type { Post } from "../queries/user.ts";
import type { FeedEntry } from "./atom.ts";
import { type Language, texts } from "./texts.ts";

/** Entries of a feed. */
export const maxEntries = 50;

export interface Links {
  /** Public URL of the application. */
  publicUrl: string;
  forumUrl: string;
  /** The feed's own address, to which ids are added. */
  self: string;
  language: Language;
}

/** Titles and names in titles of entries are cut. */
const shownLength = 120;
const shown = (text: string) => plain(text, shownLength);

const postUrl = (forumUrl: string, { tid, pid }: { tid: number; pid: number }) =>
  `${forumUrl}/bb/thread.php?TID=${tid}&PID=${pid}#reply_${pid}`;

const secondsOf = (day: string) => Date.parse(`${day}T00:00:00Z`) / 1000;

const newestFirst = (entries: FeedEntry[]) => entries.toSorted((a, b) => b.updated - a.updated).slice(0, maxEntries);

/** When a record was set: a year, a month, a week or a day. */
function momentOf(record: RecordName, day: string, language: Language): string {
  const text = texts[language];
  if (record.endsWith("_year")) return String(Number(day.slice(0, 4)));
  if (record.endsWith("_month")) return text.month(day);
  return record.endsWith("_week") ? text.week(day) : text.day(day);
}

/** An entry for each time that a record was broken. */
export function recordEntries(
  rows: { record: RecordName; history: RecordEntry[] }[],
  { publicUrl, forumUrl, self, language }: Links,
): FeedEntry[] {
  const text = texts[language];
  const entries = rows.flatMap(({ record, history }) =>
    history.map(({ value, day, user, thread, post }): FeedEntry => {
      const what = `${text.records[record]}: ${text.values[record](value)}`;
      const where = thread ? text.inThread(what, shown(thread.title)) : what;
      const who = user ? text.by(where, shown(user.name)) : where;
      return {
        // Values of a period that is not over yet still grow.
        id: `${self}#${record}-${post ? post.pid : `${day}${user ? `-${user.uid}` : ""}`}`,
        title: `${who} (${momentOf(record, day, language)})`,
        updated: post?.timestamp ?? secondsOf(day),
        url: post ? postUrl(forumUrl, post) : `${publicUrl}/records`,
        author: user?.name,
      };
    }),
  );
  return newestFirst(entries);
}

export function milestoneEntries(milestones: { number: number; post: Post }[], links: Links): FeedEntry[] {
  const text = texts[links.language];
  const entries = milestones.map(({ number, post }): FeedEntry => ({
    id: `${links.self}#${number}`,
    title: text.by(text.milestone(number), shown(post.user.name)),
    updated: post.timestamp,
    url: postUrl(links.forumUrl, post),
    author: post.user.name,
  }));
  return newestFirst(entries);
}

const postEntry = (forumUrl: string, hit: PostHit): FeedEntry => ({
  id: postUrl(forumUrl, { tid: hit.thread.tid, pid: hit.pid }),
  title: shown(hit.thread.title),
  updated: hit.timestamp,
  url: postUrl(forumUrl, { tid: hit.thread.tid, pid: hit.pid }),
  author: hit.user.name,
  html: hit.snippet,
});

const threadEntry = (forumUrl: string, hit: ThreadHit): FeedEntry => ({
  id: `${forumUrl}/bb/thread.php?TID=${hit.tid}`,
  title: shown(hit.title),
  updated: hit.timestamp ?? 0,
  url: `${forumUrl}/bb/thread.php?TID=${hit.tid}`,
  author: hit.user?.name,
  html: hit.subtitle_html,
});

/** Hits, newest first. Similar words, found if nothing matches as typed, are none. */
export function searchEntries(response: SearchResponse, { forumUrl }: Links): FeedEntry[] {
  if (response.typos) return [];
  return response.type === "post"
    ? response.results.map((hit) => postEntry(forumUrl, hit))
    : response.results.map((hit) => threadEntry(forumUrl, hit));
}
