import { afterAll, describe, expect, test } from "bun:test";
import { runCommand } from "@potstats/cli/testing/command";
import { connect } from "./connect.ts";
import { testDatabase } from "./testing/database.ts";

const database = await testDatabase();
const { sql } = database;
afterAll(() => database.drop());

const name = new URL(database.url).pathname.slice(1);
const at = new Date("2012-02-29T23:59:59Z");

describe("times are UTC", () => {
  test("regardless of the database's settings", async () => {
    await sql.unsafe(`alter database ${name} set timezone to 'America/New_York'`);
    await sql.unsafe(`alter database ${name} set datestyle to 'SQL, DMY'`);
    const fresh = connect(database.url, { max: 1 });
    const [row] = await fresh`
      select ${at}::timestamp as same, ${at}::timestamp::text as text, extract(epoch from now()::timestamp) as now,
             current_setting('TimeZone') as zone`;
    await fresh.end();
    expect(row).toMatchObject({ same: at, text: "2012-02-29 23:59:59", zone: "UTC" });
    expect(Math.abs(Number(row?.["now"]) - Date.now() / 1000)).toBeLessThan(60);
  });

  test("regardless of the URL", async () => {
    const fresh = connect(`${database.url}?TimeZone=Asia/Tokyo&timezone=Asia/Tokyo&options=-c%20timezone%3DAsia/Tokyo`);
    const [row] = await fresh`select current_setting('TimeZone') as zone, now()::timestamp as now`;
    await fresh.end();
    expect(row?.["zone"]).toBe("UTC");
    expect(Math.abs(Number(row?.["now"]) - Date.now())).toBeLessThan(60_000);
  });

  test.each(["America/New_York", "Asia/Kolkata"])("regardless of the process's time zone, %s", async (TZ) => {
    // In New York, 02:30 did not exist on 2012-03-11, and 01:30 occurred twice on 2012-11-04.
    const script = `
      import { connect } from "./connect.ts";
      const sql = connect(process.argv[1], { max: 1 });
      const times = [new Date("2012-03-11T02:30:00Z"), new Date("2012-11-04T01:30:00Z"), new Date("1999-12-31T23:59:59.123Z")];
      const [row] = await sql\`select \${times[0]}::timestamp as a, \${times[1]}::timestamp as b, \${times[2]}::timestamp as c,
        array[\${times[0]}::timestamp, null] as list, \${times.map((time) => time.toISOString())}::timestamp[] as same, \${times[0]}::timestamptz as tz,
        \${times[0]}::timestamp::text as text, date '2012-03-11' as day\`;
      await sql.end();
      console.log(JSON.stringify(row));`;
    const { stdout } = await runCommand(["-e", script, database.url], { TZ }, { cwd: import.meta.dirname });
    const [a, b, c] = ["2012-03-11T02:30:00.000Z", "2012-11-04T01:30:00.000Z", "1999-12-31T23:59:59.123Z"];
    expect(JSON.parse(stdout)).toEqual({
      a,
      b,
      c,
      list: [a, null],
      same: [a, b, c],
      tz: a,
      text: "2012-03-11 02:30:00",
      day: "2012-03-11",
    });
  });
});

test("days are text when written and read, alone and in arrays", async () => {
  const [row] = await sql`
    select date '2012-02-29' as day, ${"2012-12-31"}::date as same, array[date '2012-02-29', null] as days,
           ${"2012-02-29"}::date + 1 as next`;
  expect({ ...row }).toEqual({
    day: "2012-02-29",
    same: "2012-12-31",
    days: ["2012-02-29", null],
    next: "2012-03-01",
  });
});

test("bigint is a number when written and read, alone and in arrays, and so are counts and sums of integers", async () => {
  const big = 2 ** 53 - 1;
  const [row] = await sql`
    select 7::bigint as n, ${big}::bigint as same, ${-big}::bigint as minus, array[1::bigint, null, ${big}::bigint] as list,
           ${sql.array([1, big])}::bigint[] as sent, (select count(*) from posts) as count,
           (select sum(n) from generate_series(1, 3) n) as sum`;
  expect({ ...row }).toEqual({
    n: 7,
    same: big,
    minus: -big,
    list: [1, null, big],
    sent: [1, big],
    count: 0,
    sum: 6,
  });
});

test("pg_stat_activity shows the connection's name", async () => {
  const named = connect(database.url, { max: 1, name: "potstats something" });
  const [row] = await named`select application_name as name from pg_stat_activity where pid = pg_backend_pid()`;
  await named.end();
  expect(row?.["name"]).toBe("potstats something");
});

test("parameters that only libpq understands, as in URLs of managed databases, are ignored", async () => {
  const { searchParams } = new URL(database.url);
  expect(searchParams.size).toBe(0);
  const fresh = connect(
    `${database.url}?sslmode=disable&channel_binding=require&gssencmode=disable&target_session_attrs=read-write&work_mem=1234kB`,
  );
  const [row] = await fresh`select current_setting('work_mem') as memory`;
  await fresh.end();
  expect(row?.["memory"]).toBe("1234kB");
});

describe("an unreachable database", () => {
  /** The error of a first query. */
  async function failure(url: string): Promise<Error & { code?: string }> {
    const pool = connect(url, { max: 1 });
    try {
      await pool`select 1`;
    } catch (error) {
      return error as Error;
    } finally {
      await pool.end({ timeout: 1 });
    }
    throw new Error("the database was reachable");
  }
  const { port } = new URL(database.url);

  test.each([
    ["nobody listens", "postgres://u:geheim@127.0.0.1:1/x", "ECONNREFUSED"],
    ["nobody listens on an IPv6 address", "postgres://u:geheim@[::1]:1/x", /ECONNREFUSED|EADDRNOTAVAIL|ENETUNREACH/],
    ["no such host", "postgres://u:geheim@nirgendwo.invalid/x", "ENOTFOUND"],
    ["a wrong password", `postgres://potstats:geheim@127.0.0.1:${port}/${name}`, "28P01"],
    ["no such database", database.url.replace(name, "nirgends"), "3D000"],
  ])("%s", async (_, url, code) => {
    const error = await failure(url);
    expect(error.code).toMatch(code);
    expect(Bun.inspect(error)).not.toContain(new URL(url).password);
  });

  test("connections that are closed immediately, as by a proxy whose database is down", async () => {
    let attempts = 0;
    const listener = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: {
        open: (socket) => {
          attempts++;
          socket.end();
        },
        data() {},
      },
    });
    const error = await failure(`postgres://u:geheim@127.0.0.1:${listener.port}/x`);
    listener.stop(true);
    expect(error.code).toBe("CONNECTION_CLOSED");
    expect(attempts).toBeLessThan(5);
  });

  test("a server that is not PostgreSQL", async () => {
    const web = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("hello") });
    const error = await failure(`postgres://u:geheim@127.0.0.1:${web.port}/x`);
    await web.stop(true);
    expect(error.code).toMatch(/CONNECTION_CLOSED|ECONNRESET/);
  });
});

test("canceling a queued query does not shift the results of the queries behind it", async () => {
  const pipelined = connect(database.url, { max: 1 });
  try {
    const select = (n: number, seconds = 0) =>
      pipelined<{ n: number }[]>`select ${n}::int as n, pg_sleep(${seconds})::text`;
    // The driver pipelines only statements that the connection has already prepared.
    await select(0);
    const [slow, canceled, ...behind] = [select(1, 0.3), select(2), select(3), select(4), select(5)];
    const outcomes = Promise.allSettled([slow, canceled, ...behind]);
    await Bun.sleep(100);
    canceled!.cancel();
    const [first, , ...others] = await outcomes;
    expect(
      [first, ...others].map((outcome) => (outcome?.status === "fulfilled" ? outcome.value[0]?.n : outcome)),
    ).toEqual([1, 3, 4, 5]);
    expect((await select(6))[0]?.n).toBe(6);
  } finally {
    await pipelined.end({ timeout: 1 });
  }
});
