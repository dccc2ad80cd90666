/** A restore refuses what is not ours. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silent } from "@potstats/cli/progress";
import { settle } from "@potstats/cli/testing/settle";
import { connect, type Sql } from "../connect.ts";
import { migrate } from "../migrate.ts";
import { rowsIn, schemaOf } from "../testing/contents.ts";
import { insertBoard, insertPost, insertThread, type TestDatabase, testDatabase } from "../testing/database.ts";
import { backup } from "./backup.ts";
import { restore } from "./restore.ts";

const folder = mkdtempSync(join(tmpdir(), "target-"));
const path = join(folder, "potstats.tar");
let source: TestDatabase;
const names: string[] = [];

beforeAll(async () => {
  source = await testDatabase();
  await insertBoard(source.sql, 1);
  await insertThread(source.sql, 1, { bid: 1 });
  await insertPost(source.sql, { pid: 1, tid: 1 });
  await backup({ sql: source.sql, path, progress: silent });
});
afterAll(async () => {
  for (const name of names) await source.sql.unsafe(`drop database ${name} with (force)`);
  await source.drop();
  rmSync(folder, { recursive: true });
});

interface Target {
  sql: Sql;
  url: string;
}

/** Runs a test with a database without any table. */
async function withEmpty(work: (target: Target) => Promise<void>): Promise<void> {
  const name = `test_${process.pid}_target${names.length}`;
  await source.sql.unsafe(`create database ${name} template template0`);
  names.push(name);
  const url = Object.assign(new URL(source.url), { pathname: `/${name}` }).href;
  const sql = connect(url, { max: 8 });
  await work({ sql, url }).finally(() => sql.end({ timeout: 5 }));
}

const restoreInto = (sql: Sql, replace = false) => settle(restore({ sql, path, replace, progress: silent }));

test.each([
  ["with rows", "insert into users values (1); insert into posts values (2)"],
  ["without rows", ""],
])("tables of other software %s are refused, with and without --replace", (_, rows) =>
  withEmpty(async ({ sql }) => {
    await sql.unsafe(
      `create table users (id int); create table posts (id int); create table categories (id int); ${rows}`,
    );
    const before = await rowsIn(sql);
    for (const replace of [false, true])
      expect(await restoreInto(sql, replace)).toThrow(
        "has categories, posts, users, which pOTstats did not create: check DATABASE_URL",
      );
    expect(await rowsIn(sql)).toEqual(before);
  }),
);

test("another application's list of migrations is refused", () =>
  withEmpty(async ({ sql }) => {
    await sql.unsafe(`create schema drizzle;
      create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`);
    expect(await restoreInto(sql)).not.toThrow();
    await sql`update drizzle.__drizzle_migrations set created_at = 1700000000000 + id`;
    await sql.unsafe("drop table posts, post_contents cascade");
    const before = await rowsIn(sql, "drizzle");
    expect(await restoreInto(sql, true)).toThrow("drizzle.__drizzle_migrations, which pOTstats did not create");
    expect(await rowsIn(sql, "drizzle")).toEqual(before);
  }));

test.each(["baked", "search"])("a schema %s of other software is refused, with and without --replace", (schema) =>
  withEmpty(async ({ sql }) => {
    await sql.unsafe(`create schema ${schema}; create table ${schema}.documents as select 1 as id`);
    for (const replace of [false, true])
      expect(await restoreInto(sql, replace)).toThrow(`the schema ${schema} was not created by pOTstats`);
    expect(await rowsIn(sql, schema)).toEqual({ documents: ["(1)"] });
    await sql.unsafe(`drop table ${schema}.documents`);
    expect(await restoreInto(sql)).not.toThrow();
    expect(await schemaOf(sql)).toEqual(await schemaOf(source.sql));
  }),
);

test("a database of the first version, whose derived schemas have no comment, is ours", () =>
  withEmpty(async ({ sql, url }) => {
    await migrate(url);
    await sql.unsafe(`
      delete from drizzle.__drizzle_migrations where created_at > (select min(created_at) from drizzle.__drizzle_migrations);
      drop table forgotten_users; comment on schema baked is null; comment on schema search is null;
      create schema baked_next; create table baked_next.users (uid int);
      create schema baked_old_1; create schema search_next; create table applications (id int)`);
    await insertBoard(sql, 7);
    expect(await restoreInto(sql)).toThrow("already has rows (boards, categories): add --replace");
    expect(await restoreInto(sql, true)).not.toThrow();
    const { applications, ...rows } = await rowsIn(sql);
    expect([applications, rows]).toEqual([[], await rowsIn(source.sql)]);
  }));
