/** Ranges of years and the filter `uid`, on every endpoint that takes them, against sums over the posts themselves. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { queryOf } from "../testing/examples.ts";
import * as naive from "../testing/naive.ts";
import { testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

/** Neighbors, years without posts in between, before and after, one year, and all. */
const ranges = ["2003-2004", "2004-2009", "2005-2008", "1-9999", "2006-2006", "2007-2008"] as const;
const selections: naive.Selection[] = ranges.flatMap((year) => [{ year }, { year, bid: 14 }]);
/** For expectations that take long to compute. */
const few: naive.Selection[] = [{ year: "2004-2009" }, { year: "2003-2006", bid: 14 }, { year: "2007-2008" }];
/** Users with many posts, with few, and with none. */
const uids = [3, 120, 139, 999];

/** Distinct users of several years are not known. */
const isSum = ({ year }: naive.Selection) => typeof year === "string" && year !== "2006-2006";

test("years, weekdays and hours", async () => {
  for (const selection of selections) {
    const query = queryOf(selection);
    expect(await server.json(`/api/year-over-year-stats?${query}`)).toEqual({
      rows: naive.years(server.forum, selection),
    });
    const weekdays = naive.weekdays(server.forum, selection);
    expect(await server.json(`/api/weekday-stats?${query}`)).toEqual({
      rows: isSum(selection) ? weekdays.map((row) => ({ ...row, active_users: null })) : weekdays,
    });
    const posts = naive.select(naive.counted(server.forum), selection);
    const hours = [...Map.groupBy(posts, ({ weekday, hour }) => weekday * 24 + hour)]
      .toSorted(([a], [b]) => a - b)
      .map(([, of]) => ({
        weekday: String(of[0]!.weekday),
        hour: of[0]!.hour,
        post_count: of.length,
        active_users: isSum(selection) ? null : new Set(of.map(({ uid }) => uid)).size,
      }));
    expect(await server.json(`/api/hourly-stats?${query}`)).toEqual({ rows: hours });
  }
});

test("boards and the overview; users of several years are counted once", async () => {
  const { forum } = server;
  for (const year of ranges) {
    expect(await server.json(`/api/boards?year=${year}`)).toEqual({ rows: naive.boards(forum, year) });
  }
  for (const selection of selections) {
    const posts = naive.select(naive.counted(forum), selection);
    const days = [...new Set(posts.map(({ day }) => day))].toSorted();
    expect(await server.json(`/api/overview?${queryOf(selection)}`)).toMatchObject({
      ...naive.totals(forum, posts),
      active_users: new Set(posts.map(({ uid }) => uid)).size,
      days: days.length,
      first_day: days[0] ?? null,
      last_day: days.at(-1) ?? null,
    });
  }
});

test("users, sorted by every column, page by page", async () => {
  for (const selection of few) {
    for (const order_by of ["avg_post_length", "quoted_count"] as const) {
      for (const order of ["desc", "asc"] as const) {
        const rows: unknown[] = [];
        let path: string | undefined = `/api/poster-stats?${queryOf({ ...selection, order_by, order, limit: 9 })}`;
        while (path) {
          const page: { rows: unknown[]; next?: string } = await server.json(path);
          rows.push(...page.rows);
          path = page.next;
        }
        expect(rows).toEqual(naive.posterStats(server.forum, selection, order_by, order));
      }
    }
  }
});

test("one user's numbers, rank and boards", async () => {
  const { forum } = server;
  for (const uid of uids) {
    for (const selection of few) {
      const numbers = naive.userNumbers(forum, uid, selection);
      const ranking = naive.posterStats(forum, selection, "post_count", "desc");
      const rank = 1 + ranking.filter(({ post_count }) => post_count > (numbers?.post_count ?? 0)).length;
      const { stats, boards } = await server.json(`/api/user-stats?${queryOf({ uid, ...selection })}`);
      expect(stats).toEqual(numbers ? { ...numbers, rank } : null);
      const expected = naive.boards(forum, selection.year, uid).map(({ bid, name, post_count }) => ({
        bid,
        name,
        post_count,
      }));
      expect(boards).toEqual(expected.toSorted((a, b) => b.post_count - a.post_count || a.bid - b.bid));
    }
  }
});

test("one user's days and hours", async () => {
  for (const uid of uids) {
    for (const selection of selections) {
      const posts = naive.select(naive.counted(server.forum), { ...selection, uid });
      const count = (rows: { post_count: number }[]) => rows.reduce((total, row) => total + row.post_count, 0);
      const days = await server.json(`/api/user-daily-stats?${queryOf({ uid, ...selection })}`);
      expect([days.rows.length, count(days.rows)]).toEqual([new Set(posts.map(({ day }) => day)).size, posts.length]);
      const hours = await server.json(`/api/user-hourly-stats?${queryOf({ uid, ...selection })}`);
      expect(count(hours.rows)).toBe(posts.length);
    }
  }
});

test("quotes, from and to one user as well; the strongest are found among the strongest of each year", async () => {
  for (const year of ranges) {
    const all = naive.socialGraph(server.forum, year);
    const strongest = Math.max(...all.map(({ count }) => count));
    for (const limit of [1, 3, 20, 1000]) {
      expect(await server.json(`/api/social-graph?${queryOf({ year, limit })}`)).toEqual({ rows: all.slice(0, limit) });
    }
    for (const uid of uids) {
      const edges = all.filter(({ from, to }) => from.uid === uid || to.uid === uid);
      const { rows } = await server.json(`/api/social-graph?${queryOf({ year, uid })}`);
      expect(rows.map(({ from, to, count }: (typeof all)[number]) => ({ from, to, count }))).toEqual(
        edges.map(({ from, to, count }) => ({ from, to, count })),
      );
      expect(strongest).toBeGreaterThanOrEqual(rows[0]?.count ?? strongest);
      const quoting = edges
        .filter(({ from }) => from.uid === uid)
        .map(({ to, count }) => ({ User: to, count }))
        .toSorted((a, b) => b.count - a.count || a.User.uid - b.User.uid);
      expect(await server.json(`/api/user-quotes?${queryOf({ year, uid })}`)).toEqual({ rows: quoting });
    }
  }
});

const sum = (rows: { count: number }[]) => rows.reduce((total, { count }) => total + count, 0);

test("domains, of one user or one domain as well", async () => {
  const { forum } = server;
  for (const year of ranges) {
    for (const type of ["", "image"]) {
      const [domains, pairs] = [naive.domains(forum, year, type), naive.userDomains(forum, year, type)];
      for (const limit of [1, 3, 1000]) {
        const query = queryOf({ year, type, limit });
        expect(await server.json(`/api/domains?${query}`)).toEqual({
          rows: domains.slice(0, limit),
          total: sum(domains),
        });
        expect(await server.json(`/api/user-domains?${query}`)).toEqual({ rows: pairs.slice(0, limit) });
        const ofDomain = pairs.filter(({ domain }) => domain === "example.org").slice(0, limit);
        expect(await server.json(`/api/user-domains?${query}&domain=example.org`)).toEqual({ rows: ofDomain });
      }
      for (const uid of uids) {
        const rows = pairs.filter(({ User }) => User.uid === uid).map(({ count, domain }) => ({ count, domain }));
        expect(await server.json(`/api/domains?${queryOf({ year, type, uid })}`)).toEqual({
          rows,
          total: sum(rows),
        });
      }
    }
  }
});

test("the filter uid: years, weekdays, hours, days and boards of one user", async () => {
  const { forum } = server;
  for (const uid of uids) {
    for (const { year, bid } of [{}, { year: 2006 }, { bid: 14 }, { year: "2004-2006", bid: 2 }] as naive.Selection[]) {
      const selection = { ...(year ? { year } : {}), ...(bid ? { bid } : {}), uid };
      const query = queryOf(selection);
      expect(await server.json(`/api/year-over-year-stats?${query}`)).toEqual({ rows: naive.years(forum, selection) });
      expect(await server.json(`/api/weekday-stats?${query}`)).toEqual({ rows: naive.weekdays(forum, selection) });
      const { rows: hours } = await server.json(`/api/user-hourly-stats?${query}`);
      expect(await server.json(`/api/hourly-stats?${query}`)).toEqual({
        rows: hours.map((row: object) => ({ ...row, active_users: 1 })),
      });
      expect(await server.json(`/api/boards?${queryOf({ ...(year ? { year } : {}), uid })}`)).toEqual({
        rows: naive.boards(forum, year, uid),
      });
    }
    if (uid === 999) continue;
    for (const statistic of ["post_count", "avg_post_length", "active_users"] as const) {
      const selection = { year: 2006, uid };
      expect(await server.json(`/api/daily-stats?${queryOf({ ...selection, statistic })}`)).toEqual({
        series: naive.weeks(forum, selection, statistic),
      });
    }
  }
});

test("what is neither a year nor a range is rejected", async () => {
  const error = "parameter year must be a year from 0 to 9999, or a range of years such as 2009-2012";
  for (const year of [
    "2012-2009",
    "0-2012",
    "2012-",
    "-2012",
    "2009-2012-2014",
    "2009-10000",
    "10000",
    "x",
    "",
    "2009--2012",
  ]) {
    const response = await server.ask(`/api/boards?year=${year}`);
    expect([year, response.status, await response.json()]).toEqual([year, 400, { error }]);
  }
  expect((await server.ask("/api/daily-stats?statistic=post_count&year=2004-2006")).status).toBe(400);
});
