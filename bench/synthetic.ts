/** Crawled tables of a synthetic forum: deterministic, of any size, loaded with COPY. Its kinds differ in who posts where and when. */
import { copyInto } from "@potstats/db/copy";
import type { Sql, Transaction } from "@potstats/db/connect";
import { mix, Random } from "@potstats/simulator/random";
import { babble } from "./vocabulary.ts";

export const users = 5000;
export const threads = 20_000;
export const boards = 20;
export const firstPid = 1_000_000;

/** A generator that depends only on these numbers. */
export const randomFor = (...numbers: [number, number]) => new Random(mix(...numbers));

/** All texts are excerpts of this one. */
const babbled = babble(500_000);

export function text(random: Random, maxLength: number): string {
  const start = babbled.indexOf(" ", Math.floor(random.next() * (babbled.length - 2 * maxLength))) + 1;
  return babbled.slice(start, babbled.indexOf(" ", start + 10 + Math.floor(maxLength * random.next() ** 2)));
}

/** A post that quotes another one of its thread. */
export const quotingText = (random: Random, tid: number, quoted: number, quotedUid: number, body: string) =>
  `[quote=${tid},${quoted},"Nutzer ${quotedUid}"][b]\n${text(random, 400)}\n[/b][/quote]\n${body}`;

export interface Post {
  pid: number;
  uid: number;
  tid: number;
  time: Date;
  edits: number;
  content: string;
}

/** Posts after the first `posts` continue at the same rate. */
export abstract class SyntheticForum {
  /** @param posts how many posts `load` writes */
  constructor(protected readonly posts: number) {}

  protected abstract boardOf(tid: number): number;
  /** The next post, by ascending pid. */
  protected abstract next(): Post;

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
        await copy.row([tid, this.boardOf(tid), text(randomFor(tid, 5), 60), ""]);
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
