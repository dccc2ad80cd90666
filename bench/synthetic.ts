/** A forum's tables without a forum: deterministic, as large as asked for, loaded with COPY. */
import { copyInto } from "@potstats/analytics/copy";
import type { Sql } from "@potstats/db/connect";
import { mix, Random } from "@potstats/simulator/random";

const users = 5000;
const threads = 20_000;
const boards = 20;
const firstPid = 1_000_000;
const from = Date.UTC(2003, 0, 1);
const until = Date.UTC(2024, 0, 1);

const words =
  "das ist ein Beitrag mit Wörtern über Straßen Grafikkarten Kuchen Wetter Fußball und was man so schreibt wenn der Tag lang ist".split(
    " ",
  );

/** Skewed: a few get much, most get little. */
const skewed = (random: Random, count: number) => Math.floor(count * random.next() ** 3);

const boardOf = (tid: number) => 1 + skewed(new Random(mix(tid, 1)), boards);

function text(random: Random): string {
  const parts: string[] = [];
  for (let length = 3 + Math.floor(60 * random.next() ** 2); length > 0; length--) parts.push(random.pick(words));
  return parts.join(" ");
}

/** One post: a quarter quotes, eight of a hundred link. */
function content(random: Random, index: number): string {
  const body = text(random);
  if (random.chance(0.25) && index > 10) {
    const quoted = firstPid + Math.max(0, index - 1 - skewed(random, 2000));
    return `[quote=${1 + (quoted % threads)},${quoted},"Nutzer ${quoted % users}"][b]\n${text(random)}\n[/b][/quote]\n${body}`;
  }
  if (random.chance(0.08)) return `${body} [url=https://host${skewed(random, 3000)}.example/${index}]hier[/url]`;
  return body;
}

/** Fills an empty, migrated database with `posts` posts by 5,000 users in 20,000 threads and 20 boards. */
export async function fillTables(sql: Sql, posts: number): Promise<void> {
  await sql`insert into categories (cid, name) values (1, 'Alles')`;
  await sql`insert into boards (bid, cid, name, description) select b, 1, 'Brett ' || b, '' from generate_series(1, ${boards}::int) as b`;
  await sql`insert into users (uid, gid, name) select u, 3, 'Nutzer ' || u from generate_series(1, ${users}::int) as u`;
  await copyInto(sql, "public.threads", ["tid", "bid", "title", "subtitle"], async (copy) => {
    for (let tid = 1; tid <= threads; tid++) await copy.row([tid, boardOf(tid), `Thema ${tid}`, ""]);
  });
  const step_ms = (until - from) / posts;
  await appendPosts(sql, 0, posts, (index) => new Date(from + Math.floor(index * step_ms)));
  await sql`
    update threads as t set first_pid = f.first_pid, last_pid = f.last_pid
    from (select tid, min(pid) as first_pid, max(pid) as last_pid from posts group by tid) as f where f.tid = t.tid`;
  await sql.unsafe("vacuum analyze");
}

/** Further posts, as a crawl would leave them: with a new revision. */
export async function appendPosts(
  sql: Sql,
  start: number,
  count: number,
  timeOf: (index: number) => Date = (index) => new Date(until + index * 1000),
): Promise<void> {
  const [next] = await sql<{ revision: number }[]>`select nextval('crawl_revision') as revision`;
  const revision = next?.revision ?? 1;
  const columns = ["pid", "poster_uid", "tid", "timestamp", "edit_count", "content_length", "revision"];
  await copyInto(sql, "public.posts", columns, async (copy) => {
    for (let index = start; index < start + count; index++) {
      const random = new Random(mix(index, 7));
      const [uid, tid, edits] = [1 + skewed(random, users), 1 + skewed(random, threads), random.chance(0.15) ? 1 : 0];
      const body = content(new Random(mix(index, 8)), index);
      await copy.row([firstPid + index, uid, tid, timeOf(index), edits, body.length, revision]);
    }
  });
  await copyInto(sql, "public.post_contents", ["pid", "title", "content"], async (copy) => {
    for (let index = start; index < start + count; index++) {
      await copy.row([firstPid + index, null, content(new Random(mix(index, 8)), index)]);
    }
  });
}
