/** A restore refuses what is not ours, and leaves what it replaces to the roles that owned it. */
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
const [owner, admin, reader] = [`owner_${process.pid}`, `admin_${process.pid}`, `looker_${process.pid}`];
let source: TestDatabase;
const names: string[] = [];

beforeAll(async () => {
  source = await testDatabase();
  await insertBoard(source.sql, 1);
  await insertThread(source.sql, 1, { bid: 1 });
  await insertPost(source.sql, { pid: 1, tid: 1 });
  await backup({ sql: source.sql, path, progress: silent });
  await source.sql.unsafe([owner, admin, reader].map((role) => `create role ${role} login password 'x'`).join(";"));
});
afterAll(async () => {
  for (const name of names) await source.sql.unsafe(`drop database ${name} with (force)`);
  await source.sql.unsafe([owner, admin, reader].map((role) => `drop role ${role}`).join(";"));
  await source.drop();
  rmSync(folder, { recursive: true });
});

interface Target {
  sql: Sql;
  url: string;
  /** The URL for another role. */
  as(role: string): string;
}

/** Runs a test with a database without any table. */
async function withEmpty(work: (target: Target) => Promise<void>): Promise<void> {
  const name = `test_${process.pid}_target${names.length}`;
  await source.sql.unsafe(`create database ${name} template template0`);
  names.push(name);
  const url = Object.assign(new URL(source.url), { pathname: `/${name}` }).href;
  const sql = connect(url, { max: 8 });
  const as = (role: string) => Object.assign(new URL(url), { username: role, password: "x" }).href;
  await work({ sql, url, as }).finally(() => sql.end({ timeout: 5 }));
}

const restoreInto = (sql: Sql, replace = false) => settle(restore({ sql, path, replace, progress: silent }));

/** Restores as another role. */
async function restoreAs(url: string) {
  const sql = connect(url, { max: 8 });
  const restored = await restoreInto(sql, true);
  await sql.end({ timeout: 5 });
  return restored;
}

/** Tables, sequences, types and schemas, each with its owner. */
const ownersIn = async (sql: Sql) => [
  ...(await sql`
    select nspname, relname, relowner::regrole::text as owner from pg_class join pg_namespace as n on n.oid = relnamespace
    where nspname in ('public', 'baked', 'search') and relkind in ('r', 'S') order by 1, 2`),
  ...(await sql`
    select typname, typowner::regrole::text as owner from pg_type
    where typnamespace = 'public'::regnamespace and typtype = 'e' order by 1`),
  ...(await sql`
    select nspname, nspowner::regrole::text as owner from pg_namespace where nspname in ('baked', 'search') order by 1`),
];

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

/** A database that `owner` migrated, with grants on single tables, sequences and columns. */
async function createOwned({ sql, as }: Target): Promise<void> {
  const [{ name = "" } = {}] = await sql<{ name: string }[]>`select current_database() as name`;
  await sql.unsafe(`grant create on database ${name} to ${owner}; grant create on schema public to ${owner}`);
  await migrate(as(owner));
  await sql.unsafe(`
    grant select on posts, baked.users to ${reader}; grant select on sequence crawl_revision to ${reader};
    grant usage on sequence user_tiers_tied_seq to ${reader}; grant select (uid, name), update (name) on users to ${reader};
    grant usage on schema search to ${reader}`);
}

const privilegesOfReader = async (sql: Sql) => [
  ...(await sql`
    select has_table_privilege(${reader}, 'posts', 'select') as posts,
           has_table_privilege(${reader}, 'boards', 'select') as boards,
           has_table_privilege(${reader}, 'baked.users', 'select') as baked,
           has_schema_privilege(${reader}, 'search', 'usage') as search,
           has_sequence_privilege(${reader}, 'crawl_revision', 'select') as revision,
           has_sequence_privilege(${reader}, 'user_tiers_tied_seq', 'usage') as tied,
           has_column_privilege(${reader}, 'users', 'uid', 'select') as uid,
           has_column_privilege(${reader}, 'users', 'name', 'update') as name,
           has_column_privilege(${reader}, 'users', 'aliases', 'select') as aliases`),
];

test("what a superuser restores belongs to the old owner, and all privileges are kept", () =>
  withEmpty(async (target) => {
    const { sql, as } = target;
    await createOwned(target);
    await sql.unsafe("drop table forgotten_users");
    const granted = await privilegesOfReader(sql);
    expect(granted).toMatchObject([{ revision: true, uid: true, name: true, aliases: false, boards: false }]);
    expect(await restoreInto(sql, true)).not.toThrow();
    expect(new Set((await ownersIn(sql)).map((row) => row["owner"] as string))).toEqual(new Set([owner]));
    expect(await privilegesOfReader(sql)).toEqual(granted);
    // What a crawl, an analysis and the next version's migrations need.
    const own = connect(as(owner), { max: 1 });
    await own.unsafe(`select nextval('crawl_revision'); insert into posts (pid) values (2); alter type tiertype add value 'x';
      alter schema baked rename to baked_old_1; drop schema baked_old_1, search cascade`);
    await own.end({ timeout: 5 });
  }));

test("a role that may not give tables to their owner is refused; a member of the owner may", () =>
  withEmpty(async (target) => {
    const { sql, as } = target;
    await createOwned(target);
    const [{ name = "" } = {}] = await sql<{ name: string }[]>`select current_database() as name`;
    await sql.unsafe(`alter database ${name} owner to ${admin}; grant all on schema drizzle to ${admin};
      grant all on all tables in schema public, drizzle, baked, search to ${admin};
      grant all on all sequences in schema drizzle to ${admin}`);
    const [before, owners] = [await rowsIn(sql), await ownersIn(sql)];
    expect(await restoreAs(as(admin))).toThrow(
      `${owner} owns some of them, and ${admin} may not give it the restored ones: run this as ${owner}`,
    );
    expect(await rowsIn(sql)).toEqual(before);
    await sql.unsafe(
      `grant ${owner} to ${admin}; grant create on schema public to ${admin}; revoke create on schema public from ${owner}`,
    );
    expect(await restoreAs(as(admin))).toThrow(`run \`grant create on schema public to ${owner}\``);
    expect(await rowsIn(sql)).toEqual(before);
    await sql.unsafe(`grant create on schema public to ${owner}`);
    expect(await restoreAs(as(admin))).not.toThrow();
    expect(await ownersIn(sql)).toEqual(owners);
    expect(await rowsIn(sql)).toEqual(await rowsIn(source.sql));
    expect(await restoreAs(as(owner))).not.toThrow();
    expect(await ownersIn(sql)).toEqual(owners);
  }));
