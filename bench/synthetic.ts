/**
 * A forum's tables without a forum: deterministic, as large as asked for, loaded with COPY. Skewed as forums are: people come
 * and go, write several posts on the days they are there, keep to a few boards and to threads that are open, and quote what
 * was just said in the same thread.
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

/** People at a time; each has a place that somebody else takes when they leave. */
const places = 800;
/** Latest posts of a thread that are quoted. */
const quotable = 8;
/** Threads of a board that are open at a time. */
const open = 15;

/** Skewed: a few get much, most get little. */
const skewed = (random: Random, count: number) => Math.floor(count * random.next() ** 3);
const drawn = (...of: [number, number]) => new Random(mix(...of));

/** What everybody's texts are cut from. */
const babbled = babble(500_000);

function text(random: Random, longest: number): string {
  const start = babbled.indexOf(" ", Math.floor(random.next() * (babbled.length - 2 * longest))) + 1;
  return babbled.slice(start, babbled.indexOf(" ", start + 10 + Math.floor(longest * random.next() ** 2)));
}

interface Post {
  pid: number;
  uid: number;
  tid: number;
  time: Date;
  edits: number;
  content: string;
}

/** Posts in the order of their time; what comes after the first `posts` goes on at the same pace. */
export class SyntheticForum {
  private index = 0;
  private readonly boardOf = Array.from({ length: threads + 1 }, (_, tid) => 1 + skewed(drawn(tid, 1), boards));
  private readonly threadsOf = Array.from({ length: boards + 1 }, (_, bid) =>
    this.boardOf.flatMap((of, tid) => (of === bid && tid > 0 ? [tid] : [])),
  );
  private readonly latest = new Map<number, number[]>();
  private readonly present: number;

  constructor(private readonly posts: number) {
    this.present = Math.min(places, 20 + Math.floor(posts / days / 5));
  }

  private next(): Post {
    const index = this.index++;
    const random = drawn(index, 7);
    const passed = (index / this.posts) * days;
    const day = Math.floor(passed);
    // Mornings are quiet.
    const time = new Date(from_ms + day * day_ms + Math.floor((passed - day) ** 0.6 * day_ms));
    const uid = this.poster(random, day);
    const tid = this.thread(random, uid, passed / days);
    const pid = firstPid + index;
    const said = this.latest.get(tid) ?? [];
    const content = this.content(random, index, tid, said);
    said.push(pid);
    if (said.length > quotable) said.shift();
    this.latest.set(tid, said);
    return { pid, uid, tid, time, edits: random.chance(0.15) ? 1 : 0, content };
  }

  /** Somebody of those who are there on that day. */
  private poster(random: Random, day: number): number {
    const place = skewed(drawn(day, skewed(random, this.present)), places);
    const stay_days = 200 + (mix(place, 2) % 2500);
    const holder = Math.floor((day + (mix(place, 3) % stay_days)) / stay_days);
    return 1 + ((place + places * holder) % users);
  }

  /** An open thread in one of the user's boards; one in ten posts goes to an older one. */
  private thread(random: Random, uid: number, passed: number): number {
    const known = this.threadsOf[1 + skewed(drawn(uid, 4 + skewed(random, 4)), boards)] ?? [];
    const newest = Math.min(known.length - 1, Math.floor(passed * known.length));
    const at = random.chance(0.1) ? skewed(random, newest + 1) : Math.max(0, newest - skewed(random, open));
    return known[at] ?? 1;
  }

  /** A quarter quotes, eight of a hundred link. */
  private content(random: Random, index: number, tid: number, said: number[]): string {
    const body = text(random, 780);
    if (said.length > 0 && random.chance(0.25)) {
      const quoted = random.pick(said);
      return `[quote=${tid},${quoted},"Nutzer ${quoted % users}"][b]\n${text(random, 400)}\n[/b][/quote]\n${body}`;
    }
    if (random.chance(0.08 / 0.75)) {
      const host = Math.floor(3000 ** random.next());
      return `${body} [url=https://host${host}.example/${index}]hier[/url]`;
    }
    return body;
  }

  /** Fills an empty, migrated database with the first posts. */
  async fill(sql: Sql): Promise<void> {
    await sql`insert into categories (cid, name) values (1, 'Alles')`;
    await sql`insert into boards (bid, cid, name, description) select b, 1, 'Brett ' || b, '' from generate_series(1, ${boards}::int) as b`;
    await sql`insert into users (uid, gid, name) select u, 3, 'Nutzer ' || u from generate_series(1, ${users}::int) as u`;
    await copyInto(sql, "public.threads", ["tid", "bid", "title", "subtitle"], async (copy) => {
      for (let tid = 1; tid <= threads; tid++)
        await copy.row([tid, this.boardOf[tid] ?? 1, text(drawn(tid, 5), 60), ""]);
    });
    await this.append(sql, this.posts);
    await sql`
      update threads as t set first_pid = f.first_pid, last_pid = f.last_pid
      from (select tid, min(pid) as first_pid, max(pid) as last_pid from posts group by tid) as f where f.tid = t.tid`;
    await sql.unsafe("vacuum analyze");
    // Loaded is what is on the disk: writing it is no part of what is measured next.
    await sql.unsafe("checkpoint");
  }

  /** Writes the next posts, as a crawl would leave them: with a new revision. */
  async append(sql: Sql, count: number): Promise<void> {
    const [next] = await sql<{ revision: number }[]>`select nextval('crawl_revision') as revision`;
    for (let left = count; left > 0; left -= chunk) {
      const posts = Array.from({ length: Math.min(chunk, left) }, () => this.next());
      await sql.begin((transaction) => load(transaction, posts, next?.revision ?? 1));
    }
  }
}

const chunk = 50_000;

async function load(sql: Transaction, posts: Post[], revision: number): Promise<void> {
  // Whom and what posts refer to is there: looking each of them up takes longer than the loading.
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
