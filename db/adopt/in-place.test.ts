import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { migrate } from "../migrate.ts";
import { testDatabase } from "../testing/database.ts";
import { potstats2Rows, potstats2Tables } from "./testing/potstats2.ts";

const [database, fresh] = await Promise.all([testDatabase(), testDatabase()]);
const { sql } = database;
afterAll(() => Promise.all([database.drop(), fresh.drop()]));

const named = (table: string) => `constraint pk_${table}`;
const unnamed = () => "";

/** Replaces everything in the database by potstats2's tables, with a few rows. */
async function replaceBy(tables: string): Promise<void> {
  await sql.unsafe(`
    drop schema if exists drizzle, baked, search cascade; drop schema public cascade; create schema public; ${tables} ${potstats2Rows}`);
}

const crawled =
  "categories boards user_tiers avatars users my_mods_users threads posts post_contents worldeater_tnu".split(" ");

/** The contents of potstats2's columns; columns that we add are left out. */
async function contents(): Promise<unknown[]> {
  const columns = await sql<{ table: string; names: string }[]>`
    select table_name as table, string_agg(quote_ident(column_name), ', ' order by column_name) as names
    from information_schema.columns
    where table_schema = 'public' and table_name = any(${crawled})
      and column_name not in ('revision', 'gone_at', 'initial_pass_at', 'name_pid', 'listed_last_post', 'fetched_at', 'checked_at',
        'check_page', 'page_shift', 'is_unlisted', 'review_page', 'reviewed_at', 'surplus')
    group by table_name order by table_name`;
  const tables: unknown[] = [];
  for (const { table, names } of columns)
    tables.push(table, [
      ...(await sql.unsafe(`select to_jsonb(t) as row from (select ${names} from ${table} order by 1) as t`)),
    ]);
  return tables;
}

const shape = async (of: typeof sql) => [
  ...(await of`
    select table_schema, table_name, column_name, udt_name, is_nullable from information_schema.columns
    where table_schema in ('public', 'baked', 'search') and table_name <> 'alembic_version' order by 1, 2, 3`),
];

describe.each([
  ["with named primary keys", named],
  ["with PostgreSQL's default names", unnamed],
])("a potstats2 database %s", (_, key) => {
  beforeEach(() => replaceBy(potstats2Tables(key)));

  test("is adopted with every row, and gets our structure", async () => {
    const before = await contents();
    expect(await migrate(database.url)).toEqual({ adopted: true });
    expect(await contents()).toEqual(before);
    expect(await shape(sql)).toEqual(await shape(fresh.sql));
    expect(await sql`select version_num from alembic_version`).toHaveLength(1);
    const [state] = await sql`select rx_bytes, posts_added from worldeater_state`;
    expect(state).toMatchObject({ rx_bytes: 2_000_000_000, posts_added: 0 });
    await sql`update worldeater_state set rx_bytes = rx_bytes + 2000000000`;
    await sql`update users set account_state = 'locked', locked_until = null where uid = 2`;
    expect(sql`update users set locked_until = 'x' where uid = 2`.execute()).rejects.toMatchObject({ code: "23514" });
  });

  test("continues where potstats2 stopped: boards with threads count as walked, boards without do not", async () => {
    await migrate(database.url);
    const boards = await sql`select bid, initial_pass_at is not null as done from boards order by bid`;
    expect(boards.map((row) => ({ ...row }))).toEqual([
      { bid: 14, done: true },
      { bid: 15, done: false },
    ]);
  });

  test("has each index once, whatever its name", async () => {
    await migrate(database.url);
    const indexes = async (of: typeof sql) => [
      ...(await of`
        select i.indrelid::regclass::text as table, array_agg(a.attname::text order by k.n) as columns
        from pg_index as i cross join unnest(i.indkey::int2[]) with ordinality as k (attnum, n)
        join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum
        where i.indrelid::regclass::text = any(${crawled}) group by i.indexrelid, i.indrelid order by 1, 2`),
    ];
    expect(await indexes(sql)).toEqual(await indexes(fresh.sql));
  });

  test("migrating again, or concurrently, changes nothing", async () => {
    const both = await Promise.all([migrate(database.url), migrate(database.url)]);
    expect(both.map(({ adopted }) => adopted).toSorted()).toEqual([false, true]);
    const before = [await contents(), await shape(sql)];
    expect(await migrate(database.url)).toEqual({ adopted: false });
    expect([await contents(), await shape(sql)]).toEqual(before);
    expect(await sql`select hash from drizzle.__drizzle_migrations`).toHaveLength(
      (await fresh.sql`select hash from drizzle.__drizzle_migrations`).length,
    );
  });
});

describe("a database that cannot be adopted stays unchanged", () => {
  beforeEach(() => replaceBy(potstats2Tables(named)));
  const everything = async () => [
    await contents(),
    await shape(sql),
    [...(await sql`select nspname from pg_namespace order by 1`)],
  ];

  test("an older version: names every missing column", async () => {
    await sql`alter table users drop column aliases, drop column account_state`;
    await sql`alter table posts drop column icon_id`;
    const before = await everything();
    const error: unknown = await migrate(database.url).catch((e: unknown) => e);
    expect((error as Error).message).toContain(
      "posts.icon_id is missing, users.aliases is missing, users.account_state is missing",
    );
    expect(await everything()).toEqual(before);
  });

  test("a column of another type", async () => {
    await sql`alter table posts alter column timestamp type timestamptz`;
    const error: unknown = await migrate(database.url).catch((e: unknown) => e);
    expect((error as Error).message).toContain("posts.timestamp is timestamptz, not timestamp");
  });

  test("a value that our types do not allow", async () => {
    await sql`update users set account_state = 'verschollen' where uid = 1`;
    const before = await everything();
    const error: unknown = await migrate(database.url).catch((e: unknown) => e);
    expect((error as Error).message).toContain("verschollen");
    expect(await everything()).toEqual(before);
  });

  test("an empty list of migrations, left by a failed attempt, does not prevent adoption", async () => {
    await sql.unsafe(
      "create schema drizzle; create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)",
    );
    expect(await migrate(database.url)).toEqual({ adopted: true });
  });
});

test("creates tables that potstats2 did not have yet", async () => {
  await replaceBy(potstats2Tables(unnamed));
  await sql`drop table worldeater_tnu, my_mods_users, worldeater_state`;
  expect(await migrate(database.url)).toEqual({ adopted: true });
  expect(await shape(sql)).toEqual(await shape(fresh.sql));
});

test("an empty database is not a potstats2 database", async () => {
  await sql.unsafe(
    "drop schema if exists drizzle, baked, search cascade; drop schema public cascade; create schema public",
  );
  expect(await migrate(database.url)).toEqual({ adopted: false });
});
