/** Every derived table computed from the crawled ones in the plainest way: all rows in memory, a loop for each statistic. */
import { repair } from "@potstats/bbcode/repair";
import type { Sql } from "@potstats/db/connect";
import { naiveParse } from "@potstats/bbcode/testing/naive-parse";

export type Row = Record<string, unknown>;

interface Counted {
  pid: number;
  uid: number;
  bid: number;
  tid: number;
  year: number;
  day: string;
  weekday: number;
  hour: number;
  length: number;
  edits: number;
}

/** Groups by key, each key with the values that its rows give. */
class Groups<T> {
  private readonly groups = new Map<string, { key: Row; members: T[] }>();
  add(key: Row, member: T): void {
    const name = JSON.stringify(key);
    const group = this.groups.get(name) ?? { key, members: [] };
    group.members.push(member);
    this.groups.set(name, group);
  }
  rows(values: (members: T[]) => Row): Row[] {
    return [...this.groups.values()].map(({ key, members }) => ({ ...key, ...values(members) }));
  }
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
const hourOfWeek = ({ weekday, hour }: { weekday: number; hour: number }) => 24 * (weekday - 1) + hour;
const distinct = (values: unknown[]) => new Set(values).size;

/** Wall-clock time in a zone, by the language's own calendar, not by PostgreSQL's. */
function clock(timezone: string): (time: Date) => { year: number; day: string; weekday: number; hour: number } {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: timezone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    hourCycle: "h23",
  });
  return (time) => {
    const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
    const day = `${parts["year"]}-${parts["month"]}-${parts["day"]}`;
    return {
      year: Number(parts["year"]),
      day,
      weekday: new Date(`${day}T12:00:00Z`).getUTCDay() || 7,
      hour: Number(parts["hour"]),
    };
  };
}

/** Rows per derived table, in no order. */
export async function naiveBaked(sql: Sql, timezone: string, forum: string): Promise<Record<string, Row[]>> {
  const users = await sql<{ uid: number; name: string | null; aliases: string[] | null }[]>`select * from public.users`;
  const boards = await sql<
    { bid: number; cid: number | null; name: string | null; description: string | null }[]
  >`select * from public.boards`;
  const categories = await sql<{ cid: number; name: string | null }[]>`select * from public.categories`;
  const threads = await sql<
    {
      tid: number;
      bid: number | null;
      title: string | null;
      subtitle: string | null;
      tags: string[] | null;
      is_closed: boolean | null;
      gone_at: Date | null;
      first_pid: number | null;
      revision: number;
    }[]
  >`select * from public.threads`;
  const posts = await sql<
    {
      pid: number;
      tid: number | null;
      poster_uid: number | null;
      timestamp: Date | null;
      edit_count: number | null;
      is_hidden: true | null;
      gone_at: Date | null;
      content_length: number | null;
      title: string | null;
      content: string | null;
      revision: number;
    }[]
  >`select p.*, c.title, c.content from public.posts p left join public.post_contents c on c.pid = p.pid`;
  const threadOf = new Map(threads.map((thread) => [thread.tid, thread]));
  const postOf = new Map(posts.map((post) => [post.pid, post]));
  const local = clock(timezone);

  const counted = new Map<number, Counted>();
  for (const post of posts) {
    const bid = post.tid === null ? null : threadOf.get(post.tid)!.bid;
    if (post.poster_uid === null || post.timestamp === null || post.tid === null || bid === null) continue;
    counted.set(post.pid, {
      pid: post.pid,
      uid: post.poster_uid,
      bid,
      tid: post.tid,
      ...local(post.timestamp),
      length: post.content_length ?? 0,
      edits: post.edit_count ?? 0,
    });
  }
  const all = [...counted.values()];
  const created = (members: Counted[]) =>
    sum(
      members.map(({ pid, bid }) => threads.filter((thread) => thread.first_pid === pid && thread.bid === bid).length),
    );
  const totals = (members: Counted[]) => ({
    post_count: members.length,
    edit_count: sum(members.map((post) => post.edits)),
    posts_length: sum(members.map((post) => post.length)),
    threads_created: created(members),
  });
  const active = (members: Counted[]) => ({ active_users: distinct(members.map((post) => post.uid)) });

  const parsed = new Map(posts.map((post) => [post.pid, naiveParse(post.content ?? "", forum)]));
  const quotes = posts.flatMap(({ pid }) =>
    [...parsed.get(pid)!.quotes].map(([quoted_pid, count]) => ({ pid, quoted_pid, count })),
  );
  const links = posts.flatMap(({ pid }) => parsed.get(pid)!.links.map((link) => ({ pid, ...link })));
  const edges = quotes.flatMap(({ pid, quoted_pid, count }) => {
    const [quoting, quoted] = [counted.get(pid), counted.get(quoted_pid)];
    return quoting && quoted ? [{ quoting, quoted, count }] : [];
  });

  const poster = new Groups<Counted>();
  const yearly = new Groups<Counted>();
  const daily = new Groups<Counted>();
  const weekday = new Groups<Counted>();
  const hourly = new Groups<Counted>();
  const onDay = new Groups<Counted>();
  for (const post of all) {
    for (const bid of [post.bid, 0]) {
      daily.add({ day: post.day, bid }, post);
      onDay.add({ day: post.day, bid }, post);
      for (const year of [post.year, 0]) {
        poster.add({ year, bid, uid: post.uid }, post);
        yearly.add({ year, bid }, post);
        weekday.add({ year, bid, weekday: post.weekday }, post);
        hourly.add({ year, bid, weekday: post.weekday, hour: post.hour }, post);
      }
    }
  }
  const ofUserDay = new Groups<Counted>();
  const ofUserYear = new Groups<Counted>();
  for (const post of all) {
    ofUserDay.add({ uid: post.uid, bid: post.bid, day: post.day }, post);
    ofUserYear.add({ uid: post.uid, year: post.year, bid: post.bid }, post);
  }
  const graph = new Groups<number>();
  for (const { quoting, quoted, count } of edges)
    for (const bid of [quoting.bid, 0])
      for (const year of [quoting.year, 0])
        graph.add({ year, bid, quoter_uid: quoting.uid, quoted_uid: quoted.uid }, count);
  const userDomains = new Groups<number>();
  const domains = new Groups<number>();
  for (const { pid, type: ofLink, domain, count } of links) {
    const post = counted.get(pid);
    if (!post) continue;
    for (const type of [ofLink, ""])
      for (const year of [post.year, 0]) {
        userDomains.add({ year, type, uid: post.uid, domain }, count);
        domains.add({ year, type, domain }, count);
      }
  }
  const total = (counts: number[]) => ({ count: sum(counts) });

  return {
    users: users.map(({ uid, name, aliases }) => {
      const shown = repair(name ?? "");
      return { uid, name: shown, name_lower: shown.toLowerCase(), aliases: (aliases ?? []).map(repair) };
    }),
    boards: boards.map(({ bid, cid, name, description }) => {
      const category = categories.find((row) => row.cid === cid);
      return {
        bid,
        cid,
        category: category ? repair(category.name ?? "") : null,
        name: repair(name ?? ""),
        description: repair(description ?? ""),
      };
    }),
    threads: threads.map((thread) => {
      const first = postOf.get(thread.first_pid ?? -1);
      return {
        tid: thread.tid,
        bid: thread.bid,
        title: repair(thread.title ?? ""),
        subtitle: repair(thread.subtitle ?? ""),
        tags: (thread.tags ?? []).map(repair),
        is_closed: thread.is_closed ?? false,
        is_gone: thread.gone_at !== null,
        first_pid: thread.first_pid,
        poster_uid: first?.poster_uid ?? null,
        timestamp: first?.timestamp ?? null,
        post_count: posts.filter((post) => post.tid === thread.tid).length,
        revision: Math.max(thread.revision, first?.revision ?? 0),
      };
    }),
    post_faults: posts.flatMap(({ pid }) => {
      const { malformedQuotes: malformed_quotes, unparsableLinks: unparsable_links } = parsed.get(pid)!;
      return malformed_quotes + unparsable_links > 0 ? [{ pid, malformed_quotes, unparsable_links }] : [];
    }),
    post_quotes: quotes,
    post_links: links,
    post_facts: posts.map((post) => {
      const { pid, tid, poster_uid: uid, timestamp, content_length, edit_count } = post;
      const bid = tid === null ? null : threadOf.get(tid)!.bid;
      const of = timestamp && local(timestamp);
      return {
        pid,
        uid,
        bid,
        tid,
        day: of?.day ?? null,
        year: of?.year ?? null,
        hour: of ? hourOfWeek(of) : null,
        length: content_length ?? 0,
        edit_count: edit_count ?? 0,
        threads_created:
          bid === null ? 0 : threads.filter((thread) => thread.first_pid === pid && thread.bid === bid).length,
      };
    }),
    user_days: ofUserDay.rows(totals),
    user_hours: ofUserYear.rows((members) => {
      const counts = Array.from(
        { length: 168 },
        (_, hour) => members.filter((post) => hourOfWeek(post) === hour).length,
      );
      const hours = [...counts.keys()].filter((hour) => counts[hour] !== 0);
      return { hours, post_counts: hours.map((hour) => counts[hour]) };
    }),
    poster_stats: poster.rows((members) => {
      const { post_count, posts_length, ...rest } = totals(members);
      const pids = new Set(members.map((post) => post.pid));
      return {
        post_count,
        posts_length,
        avg_post_length: Math.floor(posts_length / post_count + 0.5),
        ...rest,
        quoted_count: edges.filter(({ quoted }) => pids.has(quoted.pid)).length,
        quotes_count: edges.filter(({ quoting }) => pids.has(quoting.pid)).length,
      };
    }),
    yearly_stats: yearly.rows((members) => ({ ...totals(members), ...active(members) })),
    daily_stats: daily.rows((members) => ({ ...totals(members), ...active(members) })),
    weekday_stats: weekday.rows((members) => ({ ...totals(members), ...active(members) })),
    hourly_stats: hourly.rows((members) => ({ post_count: members.length, ...active(members) })),
    daily_threads: onDay.rows((members) => {
      const ofThread = new Groups<Counted>();
      for (const post of members) ofThread.add({ tid: post.tid }, post);
      const busiest = ofThread
        .rows((own) => ({ post_count: own.length }))
        .toSorted((a, b) => Number(b["post_count"]) - Number(a["post_count"]) || Number(a["tid"]) - Number(b["tid"]))
        .slice(0, 5);
      return { tids: busiest.map(({ tid }) => tid), post_counts: busiest.map(({ post_count }) => post_count) };
    }),
    quote_graph: graph.rows(total),
    user_domains: userDomains.rows(total),
    domains: domains.rows(total),
  };
}

/** What stands in the derived tables, as {@link naiveBaked} gives it. */
export async function readBaked(sql: Sql): Promise<Record<string, Row[]>> {
  const tables = await sql<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = 'baked' and tablename <> 'analysis'`;
  const baked: Record<string, Row[]> = {};
  for (const { name } of tables) baked[name] = [...(await sql`select * from baked.${sql(name)}`)];
  return baked;
}

/**
 * Rows as lines in one order, columns too, so that two tables can be compared and the difference read; without
 * `posts_revision`, since a full run cannot know what an incremental one knows of it.
 */
export function lines(rows: Row[]): string[] {
  return rows
    .map(({ posts_revision: _revision, ...row }) =>
      JSON.stringify(Object.fromEntries(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1)))),
    )
    .toSorted();
}
