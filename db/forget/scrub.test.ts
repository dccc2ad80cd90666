/** Whatever PostgreSQL keeps of deleted rows is rewritten once no transaction can see it, as far as the role's privileges allow. */
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { silent } from "@potstats/cli/progress";
import { until } from "@potstats/cli/testing/until";
import { connect } from "../connect.ts";
import { scrub } from "./scrub.ts";
import { insertUser, testDatabase, type TestDatabase } from "../testing/database.ts";

let database: TestDatabase;
const role = `reader_${process.pid}`;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database.sql.unsafe(`drop owned by ${role}; drop role ${role}`);
  await database.drop();
});
beforeEach(async () => {
  await database.sql`delete from users`;
  await insertUser(database.sql, 1, { name: "Anna" });
  await database.sql`update users set name = null`;
});

const filenodes = async () => {
  const rows = await database.sql<{ name: string; node: number }[]>`
    select name, pg_relation_filenode(name::regclass)::int as node
    from unnest(array['public.users', 'public.post_contents', 'pg_catalog.pg_statistic']) as t (name)`;
  return rows.map(({ node }) => node);
};

/** A progress that collects its notes. */
function collectNotes() {
  const notes: string[] = [];
  return { notes, progress: { ...silent, note: (message: string) => void notes.push(message) } };
}

async function scrubAs(username: string): Promise<string[]> {
  const connection = connect(Object.assign(new URL(database.url), { username, password: "x" }).href, { max: 2 });
  const remains = await scrub(connection, silent);
  await connection.end();
  return remains;
}

test("rewrites tables and statistics, and drops what killed runs left", async () => {
  const { sql } = database;
  await sql.unsafe("create schema baked_old_1; create table baked_old_1.users (name text); create schema search_next");
  const before = await filenodes();
  expect(await scrub(sql, silent)).toEqual([]);
  for (const [at, node] of (await filenodes()).entries()) expect(node).not.toBe(before[at] ?? 0);
  expect(await sql`select from pg_namespace where nspname in ('baked_old_1', 'search_next')`).toHaveLength(0);
});

test("waits for a transaction that can still see deleted rows, and names it", async () => {
  const { notes, progress } = collectNotes();
  const reader = connect(database.url, { max: 1, name: "a long dump" });
  let scrubbing: Promise<string[]> | undefined;
  const before = await filenodes();
  await reader.begin("isolation level repeatable read", async (tx) => {
    await tx`select 1 from boards`;
    scrubbing = scrub(database.sql, progress);
    await until(() => notes.length > 0);
    expect(await filenodes()).toEqual(before);
  });
  expect(await scrubbing).toEqual([]);
  expect(notes).toEqual([expect.stringMatching(/^waiting for older transactions: process \d+ \(a long dump\)$/)]);
  await reader.end();
});

test("waits for readers of a table, and lets others read meanwhile", async () => {
  const reader = connect(database.url, { max: 1 });
  const pid = (await reader`select pg_backend_pid() as pid`)[0]?.["pid"] as number;
  // The reader holds a lock without a snapshot, as between two statements.
  let scrubbing: Promise<string[]> | undefined;
  await reader.begin(async (tx) => {
    await tx`lock table users in access share mode`;
    scrubbing = scrub(database.sql, silent);
    const isWaiting = async () =>
      (await database.sql`select from pg_stat_activity where ${pid} = any(pg_blocking_pids(pid))`).length > 0;
    await until(isWaiting);
    // The rewrite gives up its lock request after two seconds; otherwise this query would queue behind it forever.
    expect(await database.sql`select name from users`).toHaveLength(1);
  });
  expect(await scrubbing).toEqual([]);
  await reader.end();
});

test("reports what remains if the role has few privileges", async () => {
  const { sql } = database;
  await sql.unsafe(`create role ${role} login password 'x'; grant usage on schema public, baked, search to ${role}`);
  const remains = await scrubAs(role);
  for (const table of ["public.users", "public.post_contents", "pg_catalog.pg_statistic"])
    expect(remains).toContain(
      `${table} still contains deleted rows, because this role may not rewrite it: run VACUUM FULL ${table} as its owner`,
    );
  expect(remains.at(-1)).toMatch(/^the write-ahead log contains it until .*permission denied/);
});

test("the database's owner needs a few more privileges, but not superuser", async () => {
  const { sql } = database;
  const [{ owner = "" } = {}] = await sql<{ owner: string }[]>`select current_user as owner`;
  await sql.unsafe(`
    alter database ${new URL(database.url).pathname.slice(1)} owner to ${role};
    grant pg_checkpoint, pg_monitor to ${role}; grant execute on function pg_switch_wal to ${role}`);
  const remains = await scrubAs(role);
  await sql.unsafe(`alter database ${new URL(database.url).pathname.slice(1)} owner to "${owner}"`);
  expect(remains).toEqual([]);
});
