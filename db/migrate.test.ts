import { afterAll, expect, test } from "bun:test";
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
