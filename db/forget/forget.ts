/** Forgets a user in the crawled tables: names, profile, avatar and texts are deleted; posts remain as anonymous counts. */
import { UnattributedQuotes } from "@potstats/bbcode/unattributed-quotes";
import { quoteTags, withoutPassages } from "@potstats/bbcode/passages";
import { CommandError } from "@potstats/cli/command";
import { type Progress, silent } from "@potstats/cli/progress";
import { forgetBroken, type Traces } from "./broken-documents.ts";
import type { Sql, Transaction } from "../connect.ts";
import { nameDigest, plainName } from "./names.ts";
import { withLock } from "../locks.ts";

export interface Forgotten {
  /** Posts whose texts were deleted. */
  posts: number;
  /** Posts by others from which quotes were removed. */
  quoting: number;
  /** Broken documents deleted. */
  broken: number;
}

/** Posts per batch. */
const chunk = 1000;

export interface UserSummary {
  name: string;
  posts: number;
  forgotten_at: Date | null;
}

/** The user, before forgetting. @throws CommandError if nobody has that uid */
export async function whoIs(sql: Sql, uid: number): Promise<UserSummary> {
  const [user] = await sql<{ name: string | null; posts: number; forgotten_at: Date | null }[]>`
    select name, (select count(*) from posts where poster_uid = u.uid) as posts, f.forgotten_at
    from users as u left join forgotten_users as f using (uid) where uid = ${uid}`;
  if (!user) throw new CommandError(`there is no user ${uid}`);
  return { ...user, name: user.name ?? "" };
}

/**
 * Forgets a user in the crawled tables and the broken documents, and adds the uid to the list that keeps crawls from
 * restoring anything. All or nothing. Running it again also forgets what was crawled before the uid was on the list.
 * @param folder the broken documents
 * @throws AlreadyRunning during a crawl
 */
export function forget(sql: Sql, uid: number, folder: string, progress: Progress = silent): Promise<Forgotten> {
  return withLock(sql, "crawl", () =>
    sql.begin(async (tx) => {
      const traces = await tracesOf(tx, uid);
      // Before the names are deleted: without them, a second run could not find the documents.
      const broken = await forgetBroken(folder, traces);
      return { ...(await forgetIn(tx, traces, progress)), broken };
    }),
  ) as Promise<Forgotten>;
}

/** What the database still holds about the user. */
async function tracesOf(tx: Transaction, uid: number): Promise<Traces> {
  const [user] = await tx<{ name: string | null; aliases: string[] | null }[]>`
    select name, aliases from users where uid = ${uid}`;
  const names = [user?.name, ...(user?.aliases ?? [])].filter((name) => typeof name === "string");
  const texts = new Map<number, string>();
  const copies = new UnattributedQuotes();
  const rows = tx<{ pid: number; title: string | null; content: string | null }[]>`
    select pid, title, content from posts left join post_contents using (pid) where poster_uid = ${uid}`;
  for await (const batch of rows.cursor(chunk))
    for (const { pid, title, content } of batch) {
      texts.set(pid, content ?? "");
      copies.add(pid, content ?? "");
      copies.add(pid, title ?? "");
    }
  return { uid, names, texts, copies };
}

async function forgetIn(tx: Transaction, traces: Traces, progress: Progress): Promise<Omit<Forgotten, "broken">> {
  const { uid, names } = traces;
  const [next] = await tx<{ revision: number }[]>`select nextval('crawl_revision') as revision`;
  const revision = next?.revision ?? 0;
  await tx`
    insert into forgotten_users as f (uid, forgotten_at, name_digests)
    values (${uid}, now() at time zone 'UTC', ${names.map(nameDigest)}::text[])
    on conflict (uid) do update set
      name_digests = array(select distinct unnest(f.name_digests || excluded.name_digests) order by 1)`;
  await tx`
    update users set name = null, name_timestamp = 'epoch', name_pid = 0, aliases = '[]', gid = null, tied = null, avid = null,
      user_profile_exists = false, registered = null, online_status = null, last_seen = null, account_state = null,
      locked_until = null, revision = ${revision}
    where uid = ${uid}`;
  // The user's page is also under the uid that equals their name.
  await tx`delete from my_mods_users where uid = ${uid} or html ~ ${`<!--\\s*UID\\s+0*${uid}\\s*--`}`;
  // Includes former avatars: whose they were is not stored, so all unused ones go.
  await tx`delete from avatars as a where not exists (select from users as u where u.avid = a.avid)`;
  await tx`delete from user_tiers as t where not exists (select from users as u where u.tied = t.tied)`;
  const quoting = await forgetPassages(tx, traces, revision, progress);
  const { count: posts } = await tx`
    update post_contents set title = null, content = null
    where pid in (select pid from posts where poster_uid = ${uid}) and (title is not null or content is not null)`;
  await tx`update posts set revision = ${revision} where poster_uid = ${uid}`;
  return { posts, quoting };
}

/** Removes names and passages from all posts that quote the user. @returns how many posts changed */
async function forgetPassages(tx: Transaction, traces: Traces, revision: number, progress: Progress): Promise<number> {
  const { texts, copies } = traces;
  const [last] = await tx<{ pid: number | null }[]>`select max(pid) as pid from post_contents`;
  const phase = progress.phase("posts that quote", { unit: "pids", total: last?.pid ?? 0 });
  let quoting = 0;
  for (let after = -1; ;) {
    const rows = await tx<{ pid: number; content: string }[]>`
      select pid, content from post_contents
      where pid > ${after} and content like '%[%' order by pid limit ${chunk}`;
    // A case-insensitive search for this is far slower in PostgreSQL than here.
    const others = rows.filter(({ pid, content }) => !texts.has(pid) && /\[\/?quote[\]=]/i.test(content));
    const isName = await namesIn(tx, traces, others);
    const user = { isName, textOf: (pid: number) => texts.get(pid) };
    const changed = others
      .map(({ pid, content }) => {
        const tagged = withoutPassages(content, (quoted) => texts.has(quoted), user);
        return { pid, before: content, content: copies.removeFrom(pid, tagged) };
      })
      .filter((row) => row.content !== row.before);
    if (changed.length > 0) {
      const pids = changed.map((row) => row.pid);
      await tx`
        update post_contents as c set content = n.content
        from unnest(${pids}::int[], ${changed.map((row) => row.content)}::text[]) as n (pid, content) where c.pid = n.pid`;
      await tx`update posts set revision = ${revision} where pid = any(${pids}::int[])`;
      quoting += changed.length;
    }
    const end = rows.at(-1)?.pid;
    if (end === undefined || rows.length < chunk) break;
    phase.add(end - Math.max(after, 0));
    after = end;
  }
  phase.done();
  return quoting;
}

/** Returns a predicate: whether a quote tag means the user. A tag with the pid of a stored post does not: its author is known. */
async function namesIn(tx: Transaction, { names }: Traces, posts: { content: string }[]) {
  const userNames = new Set(names.map(plainName));
  const naming = posts.flatMap(({ content }) => quoteTags(content)).filter((tag) => tag.names.some(isUserName));
  const quoted = naming.flatMap(({ pid }) => (pid === null ? [] : [pid]));
  const rows = await tx<{ pid: number }[]>`select pid from posts where pid = any(${quoted}::int[])`;
  const existing = new Set(rows.map(({ pid }) => pid));
  return (name: string, pid: number | null) => isUserName(name) && (pid === null || !existing.has(pid));

  function isUserName(name: string): boolean {
    return userNames.has(plainName(name));
  }
}
