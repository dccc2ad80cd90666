/** Measures how many of a month's changes that no listing shows are found by the patrol, with how many requests. */
import { silent } from "@potstats/cli/progress";
import { crawl } from "@potstats/crawler/crawl";
import { connect, type Sql } from "@potstats/db/connect";
import { changeKinds, plantChanges, type PlantedChange } from "@potstats/simulator/changes";
import { createForum } from "@potstats/simulator/forum";
import { homeAt } from "@potstats/simulator/model";
import { emptyDatabase, heading, line, median } from "./measure.ts";

const day_s = 86_400;
const days = 30;

/** Changes of each kind, half of them in threads that had been inactive for a month. */
const changesPerKind = 24;

/**
 * Makes PostgreSQL use the forum's clock: `bench` precedes `pg_catalog` in the search path, and so does its `now()`.
 */
async function withClock(url: string): Promise<{ sql: Sql; set(time: number): Promise<void> }> {
  const admin = connect(url, { max: 1 });
  const { pathname } = new URL(url);
  await admin.unsafe(`
    create schema bench;
    create table bench.clock (time timestamptz not null);
    insert into bench.clock values ('epoch');
    create function bench.now() returns timestamptz stable language sql as 'select time from bench.clock';
    alter database "${pathname.slice(1)}" set synchronous_commit = off`);
  await admin.end();
  const sql = connect(url, { max: 4, name: "potstats bench" });
  const options = sql.options as unknown as { setup: string };
  options.setup += "; select set_config('search_path', 'bench, public, pg_catalog', false)";
  return { sql, set: async (time) => void (await sql`update bench.clock set time = to_timestamp(${time})`) };
}

/** Whether the tables include a change. */
async function isStored(sql: Sql, { kind, thread, post, time }: PlantedChange): Promise<boolean> {
  const pid = post?.pid ?? thread.posts[0]?.pid ?? 0;
  const [row] = await sql<
    { edit_count: number; is_hidden: boolean; is_lost: boolean; in_tid: number; is_gone: boolean; bid: number }[]
  >`
    select p.edit_count, p.is_hidden is true as is_hidden, p.gone_at is not null as is_lost, p.tid as in_tid,
      t.gone_at is not null as is_gone, t.bid
    from posts as p, threads as t where p.pid = ${pid} and t.tid = ${thread.tid}`;
  if (!row) return false;
  switch (kind) {
    case "edited":
      return row.edit_count >= (post?.edits.filter((edit) => edit.time <= time).length ?? 0);
    case "text hidden":
      return row.is_hidden;
    case "post hidden":
      return row.is_lost;
    case "merged":
      return row.in_tid === thread.merged?.into.tid && row.is_gone;
    case "moved":
      return row.bid === homeAt(thread, time).bid;
    default:
      return row.is_gone;
  }
}

interface Month {
  planted: PlantedChange[];
  /** The number of days until each change was found. */
  found: Map<PlantedChange, number>;
  requests: number;
  threads: number;
  posts: number;
}

/** Simulates a month of update passes over a changing forum. */
async function simulateMonth(patrol: number, passesPerDay: number): Promise<Month> {
  const forum = createForum({ seed: 8, posts: 30_000, years: 4 });
  const { history } = forum;
  const [from, until] = [history.until - days * day_s, history.until];
  // Inactive threads are closed, so that update passes do not read them and only the patrol can find their changes.
  for (const thread of history.threads) {
    const last = thread.posts.at(-1)?.time ?? 0;
    if (last < from) thread.closed ??= last + day_s;
  }
  const planted = plantChanges(history, { seed: 8, from, until: until - 7 * day_s, count: changesPerKind });
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => forum.fetch(request) });
  const database = await emptyDatabase("patrol");
  const clock = await withClock(database.url);
  const found = new Map<PlantedChange, number>();
  let requests = 0;
  const pass = async (time: number) => {
    await clock.set(time);
    forum.moveTo(time);
    const { origin } = server.url;
    const all = { sql: clock.sql, forumUrl: origin, profilesUrl: origin, boards: "all" as const, progress: silent };
    return (await crawl({ ...all, patrol, delay_ms: 0 })).num_api_requests;
  };
  try {
    await pass(from);
    for (let time = from; time < until;) {
      time += day_s / passesPerDay;
      requests += await pass(time);
      if (Math.round((time - from) / (day_s / passesPerDay)) % passesPerDay !== 0) continue;
      for (const change of planted)
        if (change.time <= time && !found.has(change) && (await isStored(clock.sql, change)))
          found.set(change, (time - change.time) / day_s);
    }
    return { planted, found, requests, threads: history.threads.length, posts: history.posts.length };
  } finally {
    await clock.sql.end();
    await server.stop(true);
    await database.close();
  }
}

/** @param passesPerDay the number of update passes per day, at equal intervals */
export async function benchPatrol(passesPerDay: number): Promise<void> {
  const without = await simulateMonth(0, passesPerDay);
  const share = (month: Month, isCounted: (change: PlantedChange) => boolean) => {
    const counted = month.planted.filter(isCounted);
    return (100 * counted.filter((change) => month.found.has(change)).length) / counted.length;
  };
  heading(`${without.posts} posts in ${without.threads} threads, ${days} days of ${passesPerDay} passes`);
  line("changes planted, until a week before the end", without.planted.length, "");
  line(
    "without patrol: found",
    share(without, () => true),
    "%",
  );
  line("without patrol: requests per pass", without.requests / (days * passesPerDay), "");
  for (const patrol of [0.05, 0.2]) {
    const month = await simulateMonth(patrol, passesPerDay);
    heading(`--patrol ${patrol * 100}%`);
    line("requests per pass", month.requests / (days * passesPerDay), "");
    line(
      "found",
      share(month, () => true),
      "%",
    );
    for (const isOld of [true, false])
      line(
        `in ${isOld ? "inactive" : "active"} threads`,
        share(month, (change) => change.isOld === isOld),
        "%",
      );
    for (const kind of changeKinds)
      line(
        kind,
        share(month, (change) => change.kind === kind),
        "%",
      );
    line("days until half of them were found", median([...month.found.values()]), "");
  }
}
