/**
 * A small forum for tests: invented users, years with gaps, many ties, and the oddities of a real forum. Quotes and
 * links are listed beside each post, so that expectations need no parser.
 */
import type { Sql } from "@potstats/db/connect";
import { insertBoard, insertPost, insertThread, insertUser } from "@potstats/db/testing/database";

export interface ForumUser {
  uid: number;
  /** As stored. */
  stored: string;
  /** As shown. */
  name: string;
  aliases: string[];
}

export interface ForumPost {
  pid: number;
  tid: number;
  bid: number | null;
  uid: number | null;
  time: Date | null;
  edits: number;
  content: string;
  hidden: boolean;
  gone: boolean;
  quotes: { pid: number; count: number }[];
  links: { type: "link" | "image" | "video"; domain: string; count: number }[];
}

export interface ForumData {
  boards: { bid: number; name: string; description: string }[];
  users: ForumUser[];
  threads: { tid: number; bid: number | null; title: string; subtitle: string }[];
  posts: ForumPost[];
}

/** A seeded generator of integers from 0 to n - 1. */
function dice(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const people: [uid: number, stored: string, name: string, aliases?: string[]][] = [
  [3, "Tapir", "Tapir"],
  [5, "Karl", "Karl"],
  [9, "kARL", "kARL", ["Karl der Käfer"]],
  [12, "½uvre", "œuvre"],
  [17, "&#8364;uro", "€uro"],
  [20, "[Höhlenmensch]", "[Höhlenmensch]"],
  [21, 'O\'Neil "der" <b>', 'O\'Neil "der" <b>'],
  [22, "%_\\", "%_\\"],
  [23, "=1+1", "=1+1"],
  [31, "ÄRGER", "ÄRGER", ["Ruhe", "Stille"]],
  [2_147_483_647, "Letzte", "Letzte"],
];

const domains = ["example.org", "bilder.example:8080", "a.example", "Zebra.example", "ö.example"];
const schemes = {
  link: "[url=http://$/x]ein Verweis[/url]",
  image: "[img]http://$/x.png[/img]",
  video: "[video]http://$/x.webm[/video]",
};
const words = ["Regenwald", "Straße", "Köln", "Nebel", "Wal", "Dampfer"];

/** Times whose year, day or hour differs between Berlin and UTC, and times around clock changes. */
const moments = [
  "2003-12-31T23:30:00Z",
  "2004-02-29T12:00:00Z",
  "2004-12-31T22:59:59Z",
  "2004-12-31T23:00:00Z",
  "2006-03-26T00:59:59Z",
  "2006-03-26T01:00:00Z",
  "2006-06-30T22:15:00Z",
  "2006-10-29T00:30:00Z",
  "2006-10-29T01:30:00Z",
];

/** Generates the forum, the same one every time. */
export function makeForumData(seed = 7): ForumData {
  const roll = dice(seed);
  const users: ForumUser[] = people.map(([uid, stored, name, aliases = []]) => ({ uid, stored, name, aliases }));
  for (let uid = 100; uid < 140; uid++)
    users.push({ uid, stored: `Nutzer ${uid}`, name: `Nutzer ${uid}`, aliases: [] });
  // Users without posts.
  users.push({ uid: 999, stored: "Schweigsam", name: "Schweigsam", aliases: [] });
  const boards = [
    { bid: 2, name: "Laberecke", description: "Alles &amp; nichts" },
    { bid: 14, name: "Öffentliches", description: "" },
    { bid: 53, name: "Technik", description: "Nur mit Handbuch" },
    { bid: 60, name: "Leer", description: "" },
  ];
  const threads: ForumData["threads"] = [];
  for (let tid = 1; tid <= 40; tid++) {
    const bid = tid === 40 ? null : ([2, 14, 53] as const)[roll(3)]!;
    threads.push({
      tid,
      bid,
      title: `${words[roll(words.length)]} ${tid}`,
      subtitle: tid % 3 === 0 ? "mit Untertitel" : "",
    });
  }
  const posts: ForumPost[] = [];
  for (let pid = 1; pid <= 420; pid++) {
    const thread = threads[roll(threads.length)]!;
    // A few users write most of the posts; the others have ties in every column.
    const uid = users[Math.min(roll(users.length - 1), roll(users.length - 1))]!.uid;
    const moment = pid <= moments.length ? moments[pid - 1]! : undefined;
    const year = [2004, 2006, 2009][roll(3)]!;
    const time = moment ? new Date(moment) : new Date(Date.UTC(year, roll(12), 1 + roll(28), roll(24), roll(60)));
    const isOdd = pid > 400;
    const post: ForumPost = {
      pid,
      tid: thread.tid,
      bid: thread.bid,
      uid: isOdd && pid % 2 === 0 ? null : uid,
      time: isOdd && pid % 2 === 1 ? null : time,
      edits: roll(3) === 0 ? roll(4) : 0,
      content: "",
      hidden: roll(20) === 0,
      gone: roll(25) === 0,
      quotes: [],
      links: [],
    };
    let text = words[roll(words.length)]!;
    const earlier = posts[roll(posts.length + 1)];
    if (earlier && !isOdd && roll(2) === 0) {
      const count = 1 + roll(2);
      post.quotes.push({ pid: earlier.pid, count });
      for (let n = 0; n < count; n++)
        text = `[quote=${earlier.tid},${earlier.pid},"jemand"]${"x".repeat(roll(3))}[/quote]${text}`;
    }
    if (roll(3) === 0) {
      const type = (["link", "image", "video"] as const)[roll(3)]!;
      const domain = domains[roll(domains.length)]!;
      const count = 1 + roll(2);
      // Domains are shown in lower case.
      post.links.push({ type, domain: domain.toLowerCase(), count });
      text += ` ${schemes[type].replace("$", domain)}`.repeat(count);
    }
    // Umlauts and emoji count as one character each.
    post.content = pid % 50 === 0 ? "" : pid % 49 === 0 ? `🐳${text}` : text;
    if (post.content === "") {
      post.quotes = [];
      post.links = [];
    }
    posts.push(post);
  }
  return { boards, users, threads, posts };
}

/** Inserts the forum into `public`. */
export async function insertForumData(sql: Sql, forum: ForumData): Promise<void> {
  await Promise.all([
    ...forum.boards.map(({ bid, name, description }) => insertBoard(sql, bid, { name, description })),
    ...forum.users.map(({ uid, stored, aliases }) => insertUser(sql, uid, { name: stored, aliases })),
  ]);
  await Promise.all(
    forum.threads.map(({ tid, bid, title, subtitle }) => insertThread(sql, tid, { bid, title, subtitle })),
  );
  await Promise.all(
    forum.posts.map((post) =>
      insertPost(sql, {
        pid: post.pid,
        tid: post.tid,
        poster_uid: post.uid,
        timestamp: post.time,
        content: post.content,
        edit_count: post.edits,
        is_hidden: post.hidden || null,
        gone_at: post.gone ? new Date(0) : null,
      }),
    ),
  );
}
