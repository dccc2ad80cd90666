import { afterAll, expect, test } from "bun:test";
import { settle } from "@potstats/cli/testing/settle";
import { connect } from "./connect.ts";
import { migrate } from "./migrate.ts";
import { readGeneration } from "./generation.ts";
import { testDatabase } from "./testing/database.ts";

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

test("an empty database can be migrated concurrently", async () => {
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

test("dropped derived schemas are created again, empty", async () => {
  const before = await shape();
  await sql`drop schema baked cascade`;
  await migrate(database.url);
  expect(await shape()).toEqual(before);
  expect(await readGeneration(sql)).toBe("-.-");
});

test.each(["search", "baked"])("a schema %s of other software is refused, and nothing changes", async (schema) => {
  const name = `test_${process.pid}_foreign`;
  await sql.unsafe(`create database ${name} template template0`);
  const url = Object.assign(new URL(database.url), { pathname: `/${name}` }).href;
  const other = connect(url, { max: 1 });
  try {
    await other.unsafe(`create schema ${schema}; create table ${schema}.state (id int); create schema elsewhere`);
    expect(await settle(migrate(url))).toThrow(`the schema ${schema} was not created by pOTstats`);
    await other.unsafe(`comment on schema ${schema} is 'potstats of an application'; drop table ${schema}.state;
      create function ${schema}.answer() returns int language sql return 42`);
    expect(await settle(migrate(url))).toThrow(`the schema ${schema} was not created by pOTstats`);
    const [called] = await other.unsafe(`select ${schema}.answer() as answer`);
    expect(called?.["answer"]).toBe(42);
    const [found] = await other`
      select to_regclass('public.posts') as posts, to_regnamespace('drizzle') as drizzle`;
    expect(found).toEqual({ posts: null, drizzle: null });
    await other.unsafe(`drop function ${schema}.answer`);
    await migrate(url);
  } finally {
    await other.end();
    await sql.unsafe(`drop database ${name} with (force)`);
  }
});

test.each([
  ["without a comment", "is null"],
  ["of another version", "is 'potstats 0123456789abcdef'"],
])("derived schemas %s are ours, and created again", async (_, comment) => {
  const before = await shape();
  await sql.unsafe(`comment on schema baked ${comment}; comment on schema search ${comment};
    alter table baked.users add column older int; alter table search.state add column older int`);
  await migrate(database.url);
  expect(await shape()).toEqual(before);
});
