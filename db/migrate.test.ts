import { afterAll, expect, test } from "bun:test";
import { connect } from "./connect.ts";
import { AlreadyRunning, withLock } from "./locks.ts";
import { migrate } from "./migrate.ts";
import { readGeneration } from "./generation.ts";
import { testDatabase } from "./testing.ts";

const database = await testDatabase();
const { sql } = database;
afterAll(() => database.drop());

const shape = async () => [
  ...(await sql`select table_schema, table_name, column_name, data_type, is_nullable from information_schema.columns
                where table_schema in ('public', 'baked', 'search') order by 1, 2, ordinal_position`),
];

test("migrating twice changes nothing", async () => {
  const before = await shape();
  await migrate(database.url);
  expect(await shape()).toEqual(before);
});

test("two processes may migrate an empty database at once", async () => {
  const name = `test_${process.pid}_twice`;
  await sql.unsafe(`create database ${name} template template0`);
  const url = Object.assign(new URL(database.url), { pathname: `/${name}` }).href;
  await Promise.all([migrate(url), migrate(url), migrate(url)]);
  const other = connect(url, { max: 1 });
  const [count] =
    await other`select count(*) from information_schema.columns where table_schema in ('public', 'baked', 'search')`;
  await other.end();
  await sql.unsafe(`drop database ${name}`);
  expect(count?.["count"]).toBe((await shape()).length);
});

test("dropped derived schemas come back empty", async () => {
  const before = await shape();
  await sql`drop schema baked cascade`;
  await migrate(database.url);
  expect(await shape()).toEqual(before);
  expect(await readGeneration(sql)).toBe("-.-");
});

test("times are UTC whatever the server and this process think", async () => {
  await sql.unsafe(`alter database ${new URL(database.url).pathname.slice(1)} set timezone to 'America/New_York'`);
  const fresh = connect(database.url, { max: 1 });
  const at = new Date("2012-02-29T23:59:59Z");
  const [row] =
    await fresh`select ${at}::timestamp as same, ${at}::timestamp::text as text, date '2012-02-29' as day, 7::bigint as n`;
  await fresh.end();
  expect({ ...row }).toEqual({ same: at, text: "2012-02-29 23:59:59", day: "2012-02-29", n: 7 });
});

test("the second writer is refused, and may when the first has ended", async () => {
  await withLock(sql, "crawl", async () => {
    expect(withLock(sql, "crawl", async () => {})).rejects.toBeInstanceOf(AlreadyRunning);
    expect(await withLock(sql, "analyze", async () => "other work goes on")).toBe("other work goes on");
  });
  expect(await withLock(sql, "crawl", async () => "free again")).toBe("free again");
});
