/**
 * Crawled tables of a synthetic forum: deterministic, of any size, loaded with COPY. Its distributions are skewed as in
 * real forums: users join and leave, write several posts on the days on which they are active, prefer a few boards and
 * open threads, and quote recent posts of the same thread.
 */
import { copyInto } from "@potstats/db/copy";
import type { Sql, Transaction } from "@potstats/db/connect";
import { mix, Random } from "@potstats/simulator/random";
import { babble } from "./vocabulary.ts";

const users = 5000;
const threads = 20_000;
const boards = 20;
const firstPid = 1_000_000;
const from_ms = Date.UTC(2003, 0, 1);
const until_ms = Date.UTC(2024, 0, 1);
const day_ms = 86_400_000;
const days = (until_ms - from_ms) / day_ms;

/** The number of members at a time: when one leaves, another joins. */
const places = 800;
/** The number of a thread's latest posts that may be quoted. */
const maxQuotable = 8;
/** The number of open threads per board at a time. */
const openThreads = 15;

/** Skewed: small numbers are drawn far more often than large ones. */
const skewed = (random: Random, count: number) => Math.floor(count * random.next() ** 3);
/** A generator that depends only on these numbers. */
const randomFor = (...numbers: [number, number]) => new Random(mix(...numbers));

/** All texts are excerpts of this one. */
const babbled = babble(500_000);

function text(random: Random, maxLength: number): string {
  const start = babbled.indexOf(" ", Math.floor(random.next() * (babbled.length - 2 * maxLength))) + 1;
  return babbled.slice(start, babbled.indexOf(" ", start + 10 + Math.floor(maxLength * random.next() ** 2)));
}

interface Post {
  pid: number;
  uid: number;
  tid: number;
  time: Date;
  edits: number;
  content: string;
}

/** Generates posts in chronological order. Posts after the first `posts` continue at the same rate. */
export class SyntheticForum {
  private index = 0;
  private readonly boardOf = Array.from({ length: threads + 1 }, (_, tid) => 1 + skewed(randomFor(tid, 1), boards));
  private readonly threadsOf = Array.from({ length: boards + 1 }, (_, bid) =>
    this.boardOf.flatMap((board, tid) => (board === bid && tid > 0 ? [tid] : [])),
  );
  private readonly latest = new Map<number, number[]>();
  private readonly memberCount: number;

  constructor(private readonly posts: number) {
    this.memberCount = Math.min(places, 20 + Math.floor(posts / days / 5));
  }

  private next(): Post {
    const index = this.index++;
    const random = randomFor(index, 7);
    const passed = (index / this.posts) * days;
    const day = Math.floor(passed);
    // Mornings are quiet.
    const time = new Date(from_ms + day * day_ms + Math.floor((passed - day) ** 0.6 * day_ms));
    const uid = this.poster(random, day);
    const tid = this.thread(random, uid, passed / days);
    const pid = firstPid + index;
    const recent = this.latest.get(tid) ?? [];
    const content = this.content(random, index, tid, recent);
    recent.push(pid);
    if (recent.length > maxQuotable) recent.shift();
    this.latest.set(tid, recent);
    return { pid, uid, tid, time, edits: random.chance(0.15) ? 1 : 0, content };
  }

  /** One of the members of that day. */
  private poster(random: Random, day: number): number {
    const place = skewed(randomFor(day, skewed(random, this.memberCount)), places);
    const stay_days = 200 + (mix(place, 2) % 2500);
    const holder = Math.floor((day + (mix(place, 3) % stay_days)) / stay_days);
    return 1 + ((place + places * holder) % users);
  }

  /** An open thread in one of the user's boards, or, for one in ten posts, an older thread. */
  private thread(random: Random, uid: number, passed: number): number {
    const ofBoard = this.threadsOf[1 + skewed(randomFor(uid, 4 + skewed(random, 4)), boards)] ?? [];
    const newest = Math.min(ofBoard.length - 1, Math.floor(passed * ofBoard.length));
    const at = random.chance(0.1) ? skewed(random, newest + 1) : Math.max(0, newest - skewed(random, openThreads));
    return ofBoard[at] ?? 1;
  }

  /** A quarter of the posts contain a quote, eight percent a link. */
  private content(random: Random, index: number, tid: number, recent: number[]): string {
    const body = text(random, 780);
    if (recent.length > 0 && random.chance(0.25)) {
      const quoted = random.pick(recent);
      return `[quote=${tid},${quoted},"Nutzer ${quoted % users}"][b]\n${text(random, 400)}\n[/b][/quote]\n${body}`;
    }
    if (random.chance(0.08 / 0.75)) {
      const host = Math.floor(3000 ** random.next());
      return `${body} [url=https://host${host}.example/${index}]hier[/url]`;
    }
    return body;
  }

  /** Loads the first posts into an empty, migrated database. */
  async load(sql: Sql): Promise<void> {
    await sql`insert into categories (cid, name) values (1, 'Alles')`;
    await sql`
      insert into boards (bid, cid, name, description)
      select b, 1, 'Brett ' || b, '' from generate_series(1, ${boards}::int) as b`;
    await sql`
      insert into users (uid, gid, name)
      select u, 3, 'Nutzer ' || u from generate_series(1, ${users}::int) as u`;
    await copyInto(sql, "public.threads", ["tid", "bid", "title", "subtitle"], async (copy) => {
      for (let tid = 1; tid <= threads; tid++)
        await copy.row([tid, this.boardOf[tid] ?? 1, text(randomFor(tid, 5), 60), ""]);
    });
    await this.append(sql, this.posts);
    await sql`
      update threads as t set first_pid = f.first_pid, last_pid = f.last_pid
      from (select tid, min(pid) as first_pid, max(pid) as last_pid from posts group by tid) as f where f.tid = t.tid`;
    await sql.unsafe("vacuum analyze");
    // So that the next measurement does not include writing these pages to disk.
    await sql.unsafe("checkpoint");
  }

  /** Writes the next posts with a new revision, as a crawl does. */
  async append(sql: Sql, count: number): Promise<void> {
    const [next] = await sql<{ revision: number }[]>`select nextval('crawl_revision') as revision`;
    for (let left = count; left > 0; left -= chunk) {
      const posts = Array.from({ length: Math.min(chunk, left) }, () => this.next());
      await sql.begin((transaction) => copyPosts(transaction, posts, next?.revision ?? 1));
    }
  }
}

const chunk = 50_000;

async function copyPosts(sql: Transaction, posts: Post[], revision: number): Promise<void> {
  // All referenced rows exist; checking each foreign key would take longer than loading.
  await sql`set local session_replication_role = replica`;
  const columns = ["pid", "poster_uid", "tid", "timestamp", "edit_count", "content_length", "revision"];
  await copyInto(sql, "public.posts", columns, async (copy) => {
    for (const { pid, uid, tid, time, edits, content } of posts)
      await copy.row([pid, uid, tid, time, edits, content.length, revision]);
  });
  await copyInto(sql, "public.post_contents", ["pid", "title", "content"], async (copy) => {
    for (const { pid, content } of posts) await copy.row([pid, null, content]);
  });
}
