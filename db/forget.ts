/** Forgetting a user: name, former names, profile, avatar and texts go; posts stay as anonymous counts. */
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "@potstats/cli/command";
import type postgres from "postgres";
import type { Sql } from "./connect.ts";
import { withLock } from "./locks.ts";
import { withoutPassages } from "@potstats/bbcode/passages";

type Transaction = postgres.TransactionSql<{ bigint: number; date: string; timestamp: Date }>;

export interface Forgotten {
  /** Posts whose texts went. */
  posts: number;
  /** Posts of others that lost what they quoted. */
  quoting: number;
}

/** Posts read at once. */
const chunk = 1000;

/** Who would be forgotten. @throws CommandError when nobody has that uid */
export async function whoIs(sql: Sql, uid: number): Promise<{ name: string; posts: number }> {
  const [user] = await sql<{ name: string | null; posts: number }[]>`
    select name, (select count(*) from posts where poster_uid = u.uid) as posts from users as u where uid = ${uid}`;
  if (!user) throw new CommandError(`there is no user ${uid}`);
  return { name: user.name ?? "", posts: user.posts };
}

/**
 * Forgets a user in the crawled tables, and puts the uid on the list that keeps crawls from bringing anything back. Doing it
 * again finds what came in before the list was there.
 * @throws AlreadyRunning while a crawl is running
 */
export function forget(sql: Sql, uid: number): Promise<Forgotten> {
  return withLock(sql, "crawl", () => sql.begin((tx) => forgetIn(tx as Transaction, uid))) as Promise<Forgotten>;
}

async function forgetIn(tx: Transaction, uid: number): Promise<Forgotten> {
  const [next] = await tx<{ revision: number }[]>`select nextval('crawl_revision') as revision`;
  const revision = next?.revision ?? 0;
  await tx`
    insert into forgotten_users (uid, forgotten_at) values (${uid}, now() at time zone 'UTC') on conflict do nothing`;
  const [before] = await tx<{ avid: number | null }[]>`select avid from users where uid = ${uid}`;
  await tx`
    update users set name = null, name_timestamp = 'epoch', name_pid = 0, aliases = '[]', gid = null, tied = null, avid = null,
      user_profile_exists = false, registered = null, online_status = null, last_seen = null, account_state = null,
      locked_until = null, revision = ${revision}
    where uid = ${uid}`;
  await tx`delete from my_mods_users where uid = ${uid}`;
  if (before?.avid) {
    await tx`
      delete from avatars where avid = ${before.avid} and not exists (select from users where avid = ${before.avid})`;
  }
  const { count: posts } = await tx`
    update post_contents set title = null, content = null
    where pid in (select pid from posts where poster_uid = ${uid}) and (title is not null or content is not null)`;
  await tx`update posts set revision = ${revision} where poster_uid = ${uid}`;
  return { posts, quoting: await forgetPassages(tx, uid, revision) };
}

/** Takes names and passages out of the posts that quote the user. @returns how many there were */
async function forgetPassages(tx: Transaction, uid: number, revision: number): Promise<number> {
  const mine = new Set<number>();
  for await (const rows of tx<{ pid: number }[]>`select pid from posts where poster_uid = ${uid}`.cursor(chunk))
    for (const { pid } of rows) mine.add(pid);
  let quoting = 0;
  for (let after = -1; ;) {
    const rows = await tx<{ pid: number; content: string }[]>`
      select pid, content from post_contents
      where pid > ${after} and content ~* '\\[quote=' order by pid limit ${chunk}`;
    const changed = rows
      .map(({ pid, content }) => ({ pid, before: content, content: withoutPassages(content, (id) => mine.has(id)) }))
      .filter((row) => row.content !== row.before);
    if (changed.length > 0) {
      const pids = changed.map((row) => row.pid);
      await tx`
        update post_contents as c set content = n.content
        from unnest(${pids}::int[], ${changed.map((row) => row.content)}::text[]) as n (pid, content) where c.pid = n.pid`;
      await tx`update posts set revision = ${revision} where pid = any(${pids}::int[])`;
      quoting += changed.length;
    }
    const last = rows.at(-1);
    if (!last || rows.length < chunk) return quoting;
    after = last.pid;
  }
}

/** Deletes what was kept of broken documents and mentions the user. @returns how many there were */
export async function forgetBroken(folder: string, uid: number): Promise<number> {
  const mentions = new RegExp(`(?<!\\d)${uid}(?!\\d)`);
  const names = await readdir(folder).catch(() => []);
  let deleted = 0;
  for (const name of names) {
    const path = join(folder, name);
    if (!mentions.test(name) && !mentions.test(await readFile(path, "latin1"))) continue;
    await rm(path, { force: true });
    deleted++;
  }
  return deleted;
}

/** Tables whose pages still hold what was deleted, until they are written anew. */
const touched = "public.users public.my_mods_users public.avatars public.post_contents baked.users search.posts".split(
  " ",
);

/** Writes the touched tables anew, and what PostgreSQL keeps of their former pages. @param say told what the database does not let us do */
export async function scrub(sql: Sql, say: (message: string) => void): Promise<void> {
  for (const table of touched) {
    const [found] = await sql`select to_regclass(${table}) as known`;
    if (found?.["known"]) await sql.unsafe(`vacuum (full, analyze) ${table}`);
  }
  try {
    await sql`select pg_switch_wal()`;
    await sql`checkpoint`;
  } catch (error) {
    say(`the write-ahead log keeps the old pages until it is recycled: ${(error as Error).message}`);
  }
}
