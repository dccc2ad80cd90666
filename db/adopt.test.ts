import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { migrate } from "./migrate.ts";
import { testDatabase } from "./testing.ts";

const [database, fresh] = await Promise.all([testDatabase(), testDatabase()]);
const { sql } = database;
afterAll(() => Promise.all([database.drop(), fresh.drop()]));

/** The tables as potstats2's last version makes them; `key` is how a version names its primary keys. */
const theirs = (key: (table: string) => string) => `
  create type tiertype as enum ('standard', 'special');
  create type linktype as enum ('link', 'image', 'video');
  create table alembic_version (version_num varchar(32) not null constraint alembic_version_pkc primary key);
  create table categories (cid integer not null ${key("categories")} primary key, name varchar, description varchar);
  create table boards (bid integer not null ${key("boards")} primary key, cid integer references categories, name varchar, description varchar);
  create table user_tiers (tied serial ${key("user_tiers")} primary key, name varchar, bars varchar, type tiertype, unique (name, bars, type));
  create table avatars (avid integer not null ${key("avatars")} primary key, path varchar not null);
  create table users (
    uid integer not null ${key("users")} primary key, gid integer, name varchar,
    name_timestamp timestamp default '1970-01-01 00:00:00', aliases jsonb default '[]', user_profile_exists boolean default false,
    tied integer references user_tiers, avid integer references avatars, registered timestamp, online_status varchar,
    last_seen timestamp, account_state varchar, locked_until varchar,
    check (account_state = 'locked_temp' or locked_until is null));
  create table my_mods_users (uid integer not null ${key("my_mods_users")} primary key references users, html text);
  create table threads (
    tid integer not null ${key("threads")} primary key, bid integer references boards, title varchar, subtitle varchar,
    is_closed boolean, is_sticky boolean, is_important boolean, is_announcement boolean, is_global boolean, hit_count integer,
    est_number_of_replies integer, first_pid integer, last_pid integer, tags jsonb, is_complete boolean,
    constraint complete_requires_closed check ((is_closed and not is_sticky and not is_global) or not is_complete));
  create table posts (
    pid integer not null ${key("posts")} primary key, poster_uid integer references users, tid integer references threads, timestamp timestamp,
    edit_count integer, last_edit_uid integer references users, last_edit_timestamp timestamp, is_hidden boolean, content_length integer,
    icon_id integer, check (last_edit_uid is null or edit_count > 0), check (last_edit_timestamp is null or edit_count > 0));
  alter table threads add foreign key (first_pid) references posts, add foreign key (last_pid) references posts;
  create index tid_pid on posts (tid, pid);
  create index old_name on posts (timestamp);
  create table post_contents (pid integer not null ${key("post_contents")} primary key references posts, title varchar, content text);
  create table worldeater_state (
    singleton integer not null ${key("worldeater_state")} primary key, nomnom_time integer, num_api_requests integer, rx_bytes integer,
    tx_bytes integer, constraint ensure_single_state check (singleton = 0));
  create table worldeater_tnu (tid integer not null ${key("worldeater_tnu")} primary key references threads, start_page integer, est_number_of_posts integer);
  create table post_quotes (pid integer references posts, quoted_pid integer references posts, count integer, primary key (pid, quoted_pid));
  create table post_links (pid integer references posts, url varchar, type linktype, domain varchar, count integer, primary key (pid, url, type));
  create table link_relation (uid integer references users, domain varchar, year integer, type linktype, count integer, primary key (uid, domain, year, type));
  create table baked_quote_stats (year integer, bid integer, quoter_uid integer, quoted_uid integer, count integer);
  create table baked_poster_stats (year integer, bid integer references boards, uid integer references users, post_count integer, primary key (year, bid, uid));
  create table baked_daily_stats (year integer, day_of_year integer, bid integer references boards, active_users bytea, primary key (year, day_of_year, bid));`;

const rows = `
  insert into alembic_version values ('53dbc47c6c6a');
  insert into categories values (6, 'Allerlei', '');
  insert into boards values (14, 6, 'Plauderecke', 'für alles'), (15, 6, 'Leer', '');
  insert into user_tiers (name, bars, type) values ('Stammgast', 'ooooggggs', 'standard');
  insert into avatars values (59217, './avatare/fuchs.gif');
  insert into users values
    (1, 1, 'Gründer', '2004-02-29 12:00', '["Anfänger"]', true, 1, 59217, '2003-01-01', 'online', null, 'active', null),
    (2, 3, 'Gesperrter', '2005-01-01', '[]', true, null, null, null, null, null, 'locked_temp', '2030-01-01 00:00:00'),
    (3, null, null, null, null, null, null, null, null, null, null, null, null);
  insert into my_mods_users values (1, '<html>…</html>');
  insert into threads values (7, 14, 'Erstes Thema', '', false, true, false, false, false, 12, 1, null, null, '["alt"]', false);
  insert into posts values (70, 1, 7, '2004-02-29 23:30', 0, null, null, null, 5, 28), (71, 2, 7, '2004-03-01', 1, 1, '2004-03-02', true, 0, null);
  update threads set first_pid = 70, last_pid = 71;
  insert into post_contents values (70, null, 'Hallo'), (71, 'Titel', null);
  insert into worldeater_state values (0, 100, 200, 2000000000, 4000);
  insert into worldeater_tnu values (7, 0, 2);
  insert into post_quotes values (71, 70, 1);
  insert into baked_poster_stats values (2004, 14, 1, 1);`;

const named = (table: string) => `constraint pk_${table}`;
const unnamed = () => "";

/** Makes the database potstats2's. */
async function makeTheirs(tables: string): Promise<void> {
  await sql.unsafe(`
    drop schema if exists drizzle, baked, search cascade; drop schema public cascade; create schema public; ${tables} ${rows}`);
}

const crawled =
  "categories boards user_tiers avatars users my_mods_users threads posts post_contents worldeater_tnu".split(" ");

/** What their columns hold, whatever ours hold. */
async function contents(): Promise<unknown[]> {
  const columns = await sql<{ table: string; names: string }[]>`
    select table_name as table, string_agg(quote_ident(column_name), ', ' order by column_name) as names
    from information_schema.columns
    where table_schema = 'public' and table_name = any(${crawled})
      and column_name not in ('revision', 'gone_at', 'initial_pass_at', 'name_pid', 'listed_last_post', 'fetched_at')
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
  ["with its naming convention", named],
  ["with PostgreSQL's names", unnamed],
])("a database of potstats2's, %s", (_, key) => {
  beforeEach(() => makeTheirs(theirs(key)));

  test("is taken over with every row, and looks like one of ours", async () => {
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

  test("goes on from where potstats2 was: a board with threads was walked, one without was not", async () => {
    await migrate(database.url);
    const boards = await sql`select bid, initial_pass_at is not null as done from boards order by bid`;
    expect(boards.map((row) => ({ ...row }))).toEqual([
      { bid: 14, done: true },
      { bid: 15, done: false },
    ]);
  });

  test("has each index once, whatever it is called", async () => {
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

  test("is migrated twice, and by two at once, without a change", async () => {
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

describe("a database that cannot be taken over stays as it was", () => {
  beforeEach(() => makeTheirs(theirs(named)));
  const everything = async () => [
    await contents(),
    await shape(sql),
    [...(await sql`select nspname from pg_namespace order by 1`)],
  ];

  test("an older version: every missing column is named", async () => {
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

  test("a value that is none of ours", async () => {
    await sql`update users set account_state = 'verschollen' where uid = 1`;
    const before = await everything();
    const error: unknown = await migrate(database.url).catch((e: unknown) => e);
    expect((error as Error).message).toContain("verschollen");
    expect(await everything()).toEqual(before);
  });

  test("and can be once it is mended, also after a failed attempt left its list of migrations behind", async () => {
    await sql.unsafe(
      "create schema drizzle; create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)",
    );
    expect(await migrate(database.url)).toEqual({ adopted: true });
  });
});

test("tables that potstats2 had not needed yet are made", async () => {
  await makeTheirs(theirs(unnamed));
  await sql`drop table worldeater_tnu, my_mods_users, worldeater_state`;
  expect(await migrate(database.url)).toEqual({ adopted: true });
  expect(await shape(sql)).toEqual(await shape(fresh.sql));
});

test("an empty database is no database of potstats2's", async () => {
  await sql.unsafe(
    "drop schema if exists drizzle, baked, search cascade; drop schema public cascade; create schema public",
  );
  expect(await migrate(database.url)).toEqual({ adopted: false });
});
