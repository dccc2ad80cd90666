/** Backups are consistent, restored databases equal the old ones, and nothing else is changed. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { settle } from "@potstats/cli/testing/settle";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Progress, silent } from "@potstats/cli/progress";
import { connect, type Sql } from "../connect.ts";
import { withLock } from "../locks.ts";
import { migrate } from "../migrate.ts";
import { rowsIn, schemaOf } from "../testing/contents.ts";
import {
  insertBoard,
  insertPost,
  insertThread,
  insertUser,
  type TestDatabase,
  testDatabase,
} from "../testing/database.ts";
import { backup } from "./backup.ts";
import { restore } from "./restore.ts";
import { type Migration, readMigrations } from "./schema.ts";

const folder = mkdtempSync(join(tmpdir(), "backup-"));
const path = join(folder, "potstats.tar");
let source: TestDatabase;
const opened: { sql: Sql; name: string }[] = [];

beforeAll(async () => {
  source = await testDatabase();
  await fill(source.sql);
  await backup({ sql: source.sql, path, progress: silent });
});
afterAll(async () => {
  for (const { sql, name } of opened) {
    await sql.end({ timeout: 5 });
    await source.sql.unsafe(`drop database ${name} with (force)`);
  }
  await source.drop();
  rmSync(folder, { recursive: true });
});

/** A database without any table. */
async function emptyDatabase(): Promise<{ sql: Sql; url: string }> {
  const name = `test_${process.pid}_empty${opened.length}`;
  await source.sql.unsafe(`create database ${name} template template0`);
  const url = Object.assign(new URL(source.url), { pathname: `/${name}` }).href;
  const sql = connect(url, { max: 8 });
  opened.push({ sql, name });
  return { sql, url };
}

const texts = [
  "a\tb\nc\rd\\e",
  "\\.",
  "\\N",
  "",
  null,
  "{\"x\": 'y'}",
  "Größe 😀 \u{10FFFF} \u0001",
  ...Array.from({ length: 4 }, (_, at) => `${at} `.repeat(1_500_000)),
  "x".repeat(9_000_000),
  "y",
];

/** Rows of every table, with odd values; several members of post_contents. */
async function fill(sql: Sql): Promise<void> {
  await insertBoard(sql, 1);
  await insertUser(sql, 1, { name: "Änne \\ 'O", aliases: ["a\\b", '"'] });
  await sql`insert into avatars values (1, 'a.png')`;
  await sql`insert into user_tiers (name, bars, type) values ('neu', '*', 'special'), (null, null, null)`;
  await sql`update users set tied = 1, avid = 1, registered = '2003-04-05 06:07:08.123456', account_state = 'locked' where uid = 1`;
  await sql`insert into my_mods_users values (1, '<html>\\n', 'infinity')`;
  await insertThread(sql, 1, { bid: 1, tags: ["ü", "\\"] });
  for (const [at, content] of texts.entries()) await insertPost(sql, { pid: at + 1, tid: 1, poster_uid: 1, content });
  await sql`insert into posts (pid) values (2147483647)`;
  await sql`insert into worldeater_state (singleton, nomnom_time, rx_bytes) values (0, 5, 9007199254740991)`;
  await sql`insert into worldeater_tnu values (1, 3, 5)`;
  await sql`insert into forgotten_users values (7, now(), '{abc,"d e"}')`;
  await sql`select setval('crawl_revision', 41), nextval('crawl_revision')`;
  await sql`delete from posts where pid = 2147483647`;
}

const restoreInto = (sql: Sql, options: Partial<Parameters<typeof restore>[0]> = {}) =>
  restore({ sql, path, replace: false, progress: silent, ...options });

describe("a restored database", () => {
  test("equals the old one: rows, sequences, keys, indexes, planner statistics", async () => {
    const { sql, url } = await emptyDatabase();
    const summary = await restoreInto(sql);
    expect(summary.rows).toMatchObject({ posts: texts.length, post_contents: texts.length, forgotten_users: 1 });
    expect(await rowsIn(sql)).toEqual(await rowsIn(source.sql));
    expect(await schemaOf(sql)).toEqual(await schemaOf(source.sql));
    const [next] = await sql`select nextval('crawl_revision') as revision, nextval('user_tiers_tied_seq') as tied`;
    expect(next).toEqual({ revision: 43, tied: 3 });
    const [planner] =
      await sql`select reltuples, relallvisible = relpages as visible from pg_class where relname = 'posts'`;
    expect(planner).toEqual({ reltuples: texts.length, visible: true });
    await migrate(url);
    expect(await schemaOf(sql)).toEqual(await schemaOf(source.sql));
  });

  test("has empty statistics and the privileges that were granted", async () => {
    const target = await testDatabase();
    const role = `reader_${process.pid}`;
    await target.sql
      .unsafe(`
      insert into baked.analysis select * from json_populate_record(null::baked.analysis,
        '{"generation": "x", "revision": 1, "started_at": "2020-01-01", "finished_at": "2020-01-01"}')`)
      .catch(() => {});
    await target.sql.unsafe(`create role ${role}; grant usage on schema baked to ${role};
      grant select on posts, baked.users to ${role}`);
    try {
      await restoreInto(target.sql);
      const [granted] = await target.sql`
        select has_table_privilege(${role}, 'public.posts', 'select') as posts,
               has_table_privilege(${role}, 'public.users', 'select') as users,
               has_table_privilege(${role}, 'baked.users', 'select') as baked`;
      expect(granted).toEqual({ posts: true, users: false, baked: true });
      expect(Object.values(await rowsIn(target.sql, "baked")).flat()).toEqual([]);
    } finally {
      await target.sql.unsafe(`drop owned by ${role}; drop role ${role}`);
      await target.drop();
    }
  });
});

describe("migrations", () => {
  /** The state after a migration: its tables, filled with the columns that existed then. */
  async function databaseAt(migrations: Migration[], at: number): Promise<Sql> {
    const { sql } = await emptyDatabase();
    const applied = migrations.slice(0, at + 1);
    for (const { sql: statements } of applied) for (const statement of statements) await sql.unsafe(statement);
    await sql.unsafe(`create schema drizzle;
      create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`);
    for (const { hash, folderMillis } of applied)
      await sql`insert into drizzle.__drizzle_migrations (hash, created_at) values (${hash}, ${folderMillis})`;
    await sql.unsafe("set session_replication_role = replica");
    return sql;
  }
  const migrations = readMigrations();

  test.each(migrations.map(({ tag }, at) => [tag, at] as const))("%s", async (tag, at) => {
    const old = await databaseAt(migrations, at);
    const { tables = {} } = migrations[at] ?? {};
    const actual = await old<{ name: string; columns: string[] }[]>`
      select table_name as name, array_agg(column_name::text order by column_name::text) as columns
      from information_schema.columns where table_schema = 'public' group by 1`;
    expect(Object.fromEntries(actual.map(({ name, columns }) => [name, columns]))).toEqual(
      Object.fromEntries(Object.entries(tables).map(([name, columns]) => [name, columns.toSorted()])),
    );
    for (const [table, columns] of Object.entries(tables)) {
      const list = columns.map((column) => `"${column}"`).join(", ");
      const rows = await source.sql.unsafe<Record<string, string | null>[]>(
        `select ${columns.map((column) => `"${column}"::text as "${column}"`).join(", ")} from "${table}" limit 10`,
      );
      const values = rows.map(
        (row) => `(${columns.map((column) => (row[column] === null ? "null" : `$x$${row[column]}$x$`)).join(", ")})`,
      );
      await old.begin(async (transaction) => {
        await transaction`set local session_replication_role = replica`;
        await transaction.unsafe(`insert into "${table}" (${list}) values ${values.join(", ")}`);
      });
    }
    await old`update threads set first_pid = 1, last_pid = 2`;
    const file = join(folder, `${tag}.tar`);
    expect((await backup({ sql: old, path: file, progress: silent })).migration).toBe(tag);

    const { sql } = await emptyDatabase();
    expect((await restoreInto(sql, { path: file })).migration).toBe(tag);
    expect(await schemaOf(sql)).toEqual(await schemaOf(source.sql));
    for (const [table, columns] of Object.entries(tables)) {
      const read = `select ${columns.map((column) => `"${column}"::text`).join(", ")} from "${table}" order by 1`;
      expect([...(await sql.unsafe(read))]).toEqual([...(await old.unsafe(read))]);
    }
  });

  test("a database of a newer version is refused, and so is its backup", async () => {
    const { sql } = await emptyDatabase();
    await restoreInto(sql);
    await sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('x', 9999999999999)`;
    expect(await settle(backup({ sql, path: join(folder, "newer.tar"), progress: silent }))).toThrow("a newer version");
  });
});

describe("a running system", () => {
  test("rows that are written during a backup are not in it", async () => {
    const file = join(folder, "during.tar");
    const before = await rowsIn(source.sql);
    let isChanged = false;
    const progress: Progress = {
      ...silent,
      phase: (name) => {
        // The first table is being read, so the snapshot exists.
        if (!isChanged) {
          isChanged = true;
          changing = source.sql.begin(async (transaction) => {
            await transaction`insert into posts (pid, tid) values (1000, 1)`;
            await transaction`update threads set last_pid = 1000`;
            await transaction`select nextval('crawl_revision')`;
          });
        }
        return silent.phase(name);
      },
    };
    let changing: Promise<unknown> = Promise.resolve();
    await backup({ sql: source.sql, path: file, progress });
    await changing;
    const { sql } = await emptyDatabase();
    await restoreInto(sql, { path: file });
    expect(isChanged).toBe(true);
    expect(await rowsIn(sql)).toEqual(before);
    await source.sql`update threads set last_pid = ${texts.length}`;
    await source.sql`delete from posts where pid = 1000`;
    expect(await rowsIn(source.sql)).toEqual(before);
  });

  test("the old state can be read until the restore commits", async () => {
    const target = await testDatabase();
    await insertBoard(target.sql, 5);
    const reader = connect(target.url, { max: 1, statement_timeout_ms: 500 });
    const seen = new Set<string>();
    const progress: Progress = {
      ...silent,
      phase: (name) => {
        reads.push(reader`select bid from boards`.then(([row]) => seen.add(`${row?.["bid"]}`)));
        return silent.phase(name);
      },
    };
    const reads: Promise<unknown>[] = [];
    await restoreInto(target.sql, { replace: true, progress });
    await Promise.all(reads);
    expect([...seen]).toEqual(["5"]);
    expect([...(await reader`select bid from boards`)]).toEqual([{ bid: 1 }]);
    await reader.end();
    await target.drop();
  });

  test("a writer excludes a restore, and a backup another one", async () => {
    const { sql } = await emptyDatabase();
    await withLock(sql, "crawl", async () =>
      expect(await settle(restoreInto(sql))).toThrow("another crawl is running"),
    );
    await withLock(sql, "backup", async () =>
      expect(await settle(backup({ sql, path: join(folder, "x.tar"), progress: silent }))).toThrow(
        "another backup is running",
      ),
    );
  });
});

test("a database with rows is refused without --replace; users who were forgotten since are named", async () => {
  const target = await testDatabase();
  const { sql } = target;
  await sql`insert into forgotten_users values (7, now(), '{}'), (8, now(), '{}'), (9, now(), '{}')`;
  const before = await rowsIn(sql);
  expect(await settle(restoreInto(sql))).toThrow("already has rows (forgotten_users): add --replace");
  expect(await rowsIn(sql)).toEqual(before);
  expect((await restoreInto(sql, { replace: true })).unforgotten).toEqual([8, 9]);
  expect(await rowsIn(sql)).toEqual(await rowsIn(source.sql));
  await sql.unsafe("create view mine as select * from posts");
  expect(await settle(restoreInto(sql, { replace: true }))).toThrow(
    "view mine depends on table posts: drop that first",
  );
  await target.drop();
});

test("only its owner may read a backup, and a failed one leaves no file", async () => {
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const before = readdirSync(folder);
  const stop = new AbortController();
  const progress: Progress = {
    ...silent,
    phase: (name) => {
      if (name === "post_contents") stop.abort(new DOMException("interrupted", "AbortError"));
      return silent.phase(name);
    },
  };
  const file = join(folder, "failed.tar");
  expect(await settle(backup({ sql: source.sql, path: file, progress, signal: stop.signal }))).toThrow("interrupted");
  expect(await settle(backup({ sql: source.sql, path: join(folder, "no", "x.tar"), progress: silent }))).toThrow(
    "cannot be written",
  );
  expect(readdirSync(folder)).toEqual(before);
});

test("standard tools can read a backup", async () => {
  const list = Bun.spawnSync(["tar", "--list", "--file", path]).stdout.toString().trim().split("\n");
  expect(list[0]).toBe("potstats-backup/format.json");
  expect(list).toContain("potstats-backup/post_contents/000001.copy.zst");
  expect(list.at(-1)).toBe("potstats-backup/SHA256");
});
