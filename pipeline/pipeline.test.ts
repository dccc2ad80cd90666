/**
 * All stages end to end: a simulated forum is crawled over HTTP, analyzed, indexed and served. The API's responses are compared
 * with the forum itself and with slow, obvious queries over the crawled tables.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { analyze } from "@potstats/analytics/analyze";
import { linkedHosts, ownText, quotedPids } from "./testing/naive.ts";
import { forumUrl, serveForum, type ServedForum, timezone } from "./testing/stages.ts";

let served: ServedForum;
beforeAll(async () => {
  served = await serveForum({ seed: 7, posts: 4000, years: 5 });
}, 60_000);
afterAll(() => served?.stop());

// oxlint-disable-next-line typescript/no-explicit-any -- responses of every shape are compared
type Json = any;

async function ask(path: string): Promise<Json> {
  const response = await fetch(`${served.url}/api/${path}`);
  expect({ path, status: response.status }).toEqual({ path, status: 200 });
  return await response.json();
}

/** Posts with their board and their time in Berlin, straight from the crawled tables. */
const posts = (year?: number, bid?: number) => served.sql`
  select p.pid, p.poster_uid as uid, t.bid, coalesce(p.edit_count, 0) as edits, coalesce(p.content_length, 0) as length,
         p.pid = t.first_pid as is_first, timezone('Europe/Berlin', timezone('UTC', p.timestamp)) as local
  from public.posts as p join public.threads as t using (tid)
  where (${year ?? null}::int is null or extract(year from timezone('Europe/Berlin', timezone('UTC', p.timestamp))) = ${year ?? null})
    and (${bid ?? null}::int is null or t.bid = ${bid ?? null})`;

const counts = () => served.sql`
  count(*)::int as post_count, sum(edits)::int as edit_count, floor(avg(length) + 0.5)::int as avg_post_length,
  count(*) filter (where is_first)::int as threads_created`;

const selections = [{}, { year: 2016 }, { bid: 14 }, { year: 2015, bid: 14 }, { year: 2017, bid: 10 }];
const queryOf = (selection: { year?: number; bid?: number }) =>
  new URLSearchParams(Object.entries(selection).map(([name, value]) => [name, String(value)])).toString();

describe("crawled", () => {
  test("every visible post, and nothing else", async () => {
    const { forum, summary } = served;
    const { state } = forum;
    const readable = forum.history.threads.filter(
      ({ refusal, homes }) => (refusal === null || refusal.from > state.now) && !homes.at(-1)?.board.isRestricted,
    );
    const expected = readable.flatMap((thread) => state.visiblePosts(thread));
    const stored = await served.sql<{ pid: number; uid: number; time: number; tid: number; content: string }[]>`
      select pid, poster_uid as uid, extract(epoch from timestamp)::int as time, tid, coalesce(content, '') as content
      from posts join post_contents using (pid) order by pid`;
    expect(stored.map(({ pid, uid, time, tid }) => [pid, uid, time, tid])).toEqual(
      expected
        .toSorted((a, b) => a.pid - b.pid)
        .map(({ pid, person, time, thread }) => [pid, person.uid, time, thread.tid]),
    );
    const contents = new Map(expected.map((post) => [post.pid, forum.contentOf(post)]));
    const isPlain = (text: string) => /^[\u0020-\u007e\s]*$/.test(text);
    for (const { pid, content } of stored) {
      const written = contents.get(pid) ?? "";
      if (isPlain(written) && content !== "") expect(content).toBe(written.replaceAll("\r\n", "\n"));
    }
    expect(summary.failures).toEqual([]);
    expect(summary.posts_added).toBe(expected.length);
  });

  test("a second pass finds nothing new", async () => {
    expect(await served.crawlAgain()).toMatchObject({
      posts_added: 0,
      posts_changed: 0,
      posts_hidden: 0,
      threads_gone: 0,
      failures: [],
    });
    await analyze({ sql: served.sql, timezone, forumUrl, full: false });
    expect((await analyze({ sql: served.sql, timezone, forumUrl, full: false })).changed).toBe(false);
  });
});

describe("served, compared with the crawled tables", () => {
  for (const selection of selections) {
    const { year, bid } = selection;
    const query = queryOf(selection);

    test(`users (${query || "everything"})`, async () => {
      const expected = await served.sql`
        select uid, ${counts()} from (${posts(year, bid)}) as p group by uid order by post_count desc, uid`;
      const { rows } = await ask(`poster-stats?limit=10000&${query}`);
      expect(
        rows.map(({ User, post_count, edit_count, avg_post_length, threads_created }: Json) => ({
          uid: User.uid,
          post_count,
          edit_count,
          avg_post_length,
          threads_created,
        })),
      ).toEqual([...expected]);
      const [first] = rows;
      const [user] = await served.sql`select name from users where uid = ${first.User.uid}`;
      expect(user?.["name"]).toBe(first.User.name);
    });

    test(`weekdays (${query || "everything"})`, async () => {
      const expected = await served.sql`
        select extract(isodow from local)::text as weekday, count(distinct uid)::int as active_users, ${counts()}
        from (${posts(year, bid)}) as p group by 1 order by 1`;
      const { rows } = await ask(`weekday-stats?${query}`);
      expect(rows).toEqual([...expected]);
    });
  }

  test("quotes", async () => {
    for (const year of [undefined, 2014, 2017]) {
      const texts = await served.sql<{ pid: number; uid: number; content: string }[]>`
        select p.pid, p.uid, coalesce(c.content, '') as content from (${posts(year)}) as p join post_contents as c using (pid)`;
      const authors = new Map(
        (await served.sql<{ pid: number; uid: number }[]>`select pid, poster_uid as uid from posts`).map(
          ({ pid, uid }) => [pid, uid],
        ),
      );
      const edges = new Map<string, number>();
      for (const { uid, content } of texts) {
        for (const pid of quotedPids(content)) {
          const quoted = authors.get(pid);
          if (quoted !== undefined) edges.set(`${uid} ${quoted}`, (edges.get(`${uid} ${quoted}`) ?? 0) + 1);
        }
      }
      const { rows } = await ask(`social-graph?limit=10000${year ? `&year=${year}` : ""}`);
      expect(edges.size).toBeGreaterThan(0);
      expect(Object.fromEntries(rows.map(({ from, to, count }: Json) => [`${from.uid} ${to.uid}`, count]))).toEqual(
        Object.fromEntries(edges),
      );
    }
  });

  test("years", async () => {
    for (const bid of [undefined, 14, 138]) {
      const expected = await served.sql`
        select extract(year from local)::int as year, count(distinct uid)::int as active_users, ${counts()}
        from (${posts(undefined, bid)}) as p group by 1 order by 1`;
      const { rows } = await ask(`year-over-year-stats?${bid ? `bid=${bid}` : ""}`);
      expect(rows).toEqual([...expected]);
    }
  });

  test("days", async () => {
    for (const bid of [undefined, 14]) {
      const expected = await served.sql<{ day: string; post_count: number }[]>`
        select to_char(local, 'YYYY-MM-DD') as day, count(*)::int as post_count
        from (${posts(2016, bid)}) as p group by 1 order by 1`;
      const { series } = await ask(`daily-stats?year=2016&statistic=post_count${bid ? `&bid=${bid}` : ""}`);
      const names = ["Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"];
      const actual = series.flatMap((week: { series: { name: string; value: number }[] }) =>
        week.series.toReversed().map(({ name, value }) => ({ name, value })),
      );
      const [first, last] = [Date.parse(expected[0]?.day ?? ""), Date.parse(expected.at(-1)?.day ?? "")];
      const days: Date[] = [];
      for (let day = first; day <= last; day += 86_400_000) days.push(new Date(day));
      expect(days.length).toBeGreaterThan(330);
      const byDay = new Map(expected.map(({ day, post_count }) => [day, post_count]));
      expect(actual).toEqual(
        days.map((day) => ({ name: names[day.getUTCDay()], value: byDay.get(day.toISOString().slice(0, 10)) ?? 0 })),
      );
    }
  });

  test("hours of the week, of everybody and of one user", async () => {
    const [{ User: user }] = (await ask("poster-stats?limit=1")).rows;
    const hours = (where: Json) => served.sql`
      select extract(isodow from local)::text as weekday, extract(hour from local)::int as hour, count(*)::int as post_count
      from (${posts(2016)}) as p where ${where} group by 1, 2 order by 1, 2`;
    const { rows } = await ask("hourly-stats?year=2016");
    expect(rows.map(({ weekday, hour, post_count }: Json) => ({ weekday, hour, post_count }))).toEqual([
      ...(await hours(served.sql`true`)),
    ]);
    const ofUser = await ask(`user-hourly-stats?year=2016&uid=${user.uid}`);
    expect(ofUser.rows).toEqual([...(await hours(served.sql`uid = ${user.uid}`))]);
  });

  test("the overview and its records", async () => {
    for (const [year, bid] of [
      [undefined, undefined],
      [2016, 14],
    ]) {
      const [total] = await served.sql`
        select count(distinct uid)::int as active_users, ${counts()} from (${posts(year, bid)}) as p`;
      const days = await served.sql<{ day: string; posts: number; users: number }[]>`
        select to_char(local, 'YYYY-MM-DD') as day, count(*)::int as posts, count(distinct uid)::int as users
        from (${posts(year, bid)}) as p group by 1 order by 1`;
      const most = (column: "posts" | "users") => {
        const count = Math.max(...days.map((row) => row[column]));
        return { day: days.find((row) => row[column] === count)?.day, count };
      };
      const actual = await ask(`overview?${queryOf({ ...(year ? { year } : {}), ...(bid ? { bid } : {}) })}`);
      expect(actual).toMatchObject({
        ...total,
        days: days.length,
        first_day: days[0]?.day,
        last_day: days.at(-1)?.day,
      });
      expect(actual.records).toMatchObject({ most_posts: most("posts"), most_users: most("users") });
    }
  });

  test("one day and its busiest threads", async () => {
    const day = (await ask("overview?year=2016")).records.most_posts.day;
    const fromDay = served.sql`(${posts(2016)}) as p where to_char(local, 'YYYY-MM-DD') = ${day}`;
    const [total] = await served.sql`select count(distinct uid)::int as active_users, ${counts()} from ${fromDay}`;
    const threads = await served.sql`
      select tid, count(*)::int as post_count from posts join threads using (tid)
      where to_char(timezone('Europe/Berlin', timezone('UTC', timestamp)), 'YYYY-MM-DD') = ${day}
      group by tid order by post_count desc, tid limit 5`;
    const actual = await ask(`day-stats?day=${day}`);
    expect(actual).toMatchObject({ ...total, day });
    expect(actual.threads.map(({ post_count }: Json) => post_count)).toEqual(threads.map((row) => row["post_count"]));
    for (const { thread, post_count } of actual.threads) {
      const [row] = await served.sql`
        select count(*)::int as post_count from posts
        where tid = ${thread.tid} and to_char(timezone('Europe/Berlin', timezone('UTC', timestamp)), 'YYYY-MM-DD') = ${day}`;
      expect(post_count).toBe(row?.["post_count"]);
    }
  });

  test("boards", async () => {
    const expected = await served.sql`
      select b.bid, b.name, count(*) filter (where is_first)::int as thread_count, count(*)::int as post_count
      from boards as b join (${posts()}) as p using (bid) group by b.bid order by b.bid`;
    const { rows } = await ask("boards");
    expect(
      rows.map(({ bid, name, thread_count, post_count }: Json) => ({ bid, name, thread_count, post_count })),
    ).toEqual([...expected]);
  });

  test("one user, year by year", async () => {
    const [{ User: user }] = (await ask("poster-stats?limit=1")).rows;
    const expected = await served.sql`
      select extract(year from local)::int as year, ${counts()}
      from (${posts()}) as p where uid = ${user.uid} group by 1 order by 1`;
    const { years } = await ask(`poster-development?uid=${user.uid}`);
    expect(
      Object.values(years).map((row: Json) => ({ ...row, quoted_count: undefined, quotes_count: undefined })),
    ).toEqual([...expected]);
  });

  test("domains", async () => {
    const texts = await served.sql<{ content: string }[]>`select coalesce(content, '') as content from post_contents`;
    const hosts = new Map<string, number>();
    for (const { content } of texts) {
      for (const host of linkedHosts(content)) hosts.set(host, (hosts.get(host) ?? 0) + 1);
    }
    const { rows } = await ask("domains?limit=10000");
    expect(hosts.size).toBeGreaterThan(10);
    expect(Object.fromEntries(rows.map(({ domain, count }: Json) => [domain, count]))).toEqual(
      Object.fromEntries(hosts),
    );
  });

  test("search, page by page", async () => {
    const phrase = "stürzt unter Last ständig ab";
    const texts = await served.sql<{ pid: number; content: string }[]>`
      select pid, concat_ws(' ', title, content) as content from post_contents join posts using (pid) where is_hidden is not true`;
    const expected = texts.filter(({ content }) => ownText(content).includes(phrase)).map(({ pid }) => pid);
    expect(expected.length).toBeGreaterThan(5);
    const pids: number[] = [];
    for (let offset: number | null = 0; offset !== null;) {
      const page = await ask(
        `search?type=post&sort=date-desc&offset=${offset}&content=${encodeURIComponent(`"${phrase}"`)}`,
      );
      pids.push(...page.results.map(({ pid }: { pid: number }) => pid));
      offset = page.next_offset ?? null;
    }
    expect(pids.toSorted((a, b) => a - b)).toEqual(expected.toSorted((a, b) => a - b));
  });

  test("freshness and operator", async () => {
    expect(await ask("imprint")).toEqual({ name: "Ines Impressum", contact_info: "ines@stats.example" });
    const { counts: totals } = await ask("status");
    expect(totals.posts).toBe(served.summary.posts_added);
  });
});
