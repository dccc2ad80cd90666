import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Sql } from "@potstats/db/connect";
import { type TestDatabase, testDatabase } from "@potstats/db/testing/database";
import { publish } from "./publish.ts";

let database: TestDatabase;
let sql: Sql;
beforeAll(async () => {
  database = await testDatabase();
  sql = database.sql;
  await stage(1);
  await publish(sql);
});
afterAll(() => database?.drop());

const stage = (number: number) =>
  sql.unsafe(`create schema baked_next; create table baked_next.analysis as select ${number} as number`).then(() => {});
const published = async () => {
  const [row] = await sql<{ number: number }[]>`select number from baked.analysis`;
  return row?.number;
};
const schemas = async () => (await sql`select 1 from pg_namespace where nspname like 'baked%'`).length;

test("the new schema replaces the old one, which is dropped", async () => {
  await stage(2);
  await publish(sql);
  expect(await published()).toBe(2);
  expect(await schemas()).toBe(1);
});

test("a slow reader neither waits nor delays publishing; a later run drops the old schema", async () => {
  await stage(3);
  await sql.begin(async (reader) => {
    const read = async () => (await reader.unsafe("select number from baked.analysis"))[0]?.["number"];
    expect(await read()).toBe(2);
    await publish(sql);
    expect(await published()).toBe(3);
    // The name now refers to the new table, even in a transaction that began before.
    expect(await read()).toBe(3);
  });
  expect(await schemas()).toBe(2);
  await stage(4);
  await publish(sql);
  expect(await published()).toBe(4);
  expect(await schemas()).toBe(1);
});
