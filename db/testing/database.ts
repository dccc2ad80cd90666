/**
 * Databases for tests: each test file gets a clone of a migrated template, on the tests' own embedded PostgreSQL
 * (`data/test`) or on TEST_DATABASE_URL. Row factories fill them. Files that only read can share one.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createBaked, createSearch } from "../baked-ddl.ts";
import { connect, type Sql } from "../connect.ts";
import { startEmbedded } from "../embedded/postgres.ts";
import { isAlive } from "../embedded/services.ts";
import { withLock } from "../locks.ts";
import { migrate, migrationsFolder } from "../migrate.ts";

export interface TestDatabase {
  sql: Sql;
  url: string;
  /** Closes the connections and drops the database. */
  drop(): Promise<void>;
}

const withName = (url: string, name: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;

/** The name contains a digest of all migrations and definitions, so a change of either needs another template. */
function templateName(): string {
  const hash = createHash("sha256").update(createBaked("baked")).update(createSearch("search"));
  for (const file of readdirSync(migrationsFolder).toSorted()) {
    if (file.endsWith(".sql")) hash.update(readFileSync(join(migrationsFolder, file)));
  }
  return `template_${hash.digest("hex").slice(0, 12)}`;
}

/** Folder of everything that tests keep between runs. */
export const testFolder = resolve(import.meta.dirname, "../../data/test");

/** The PostgreSQL of the tests. The embedded one runs until its last user has closed it. */
export async function testPostgres(): Promise<{ url: string; close(): Promise<void> }> {
  const externalUrl = process.env["TEST_DATABASE_URL"];
  return externalUrl
    ? { url: externalUrl, close: async () => {} }
    : await startEmbedded({ dataDir: testFolder, volatile: true });
}

/** A new, migrated database. @param saved the saved database that it is a clone of; otherwise it is empty */
export async function testDatabase(saved?: string): Promise<TestDatabase> {
  const server = await testPostgres();
  const admin = connect(server.url, { max: 2 });
  const template = templateName();
  const name = `test_${process.pid}_${crypto.randomUUID().slice(0, 8)}`;
  await withLock(
    admin,
    "template",
    async () => {
      await removeLeftovers(admin, template);
      const [existing] = await admin`select 1 from pg_database where datname = ${template} and datistemplate`;
      if (!existing) {
        await admin.unsafe(`drop database if exists ${template}`);
        await admin.unsafe(`create database ${template}`);
        await migrate(withName(server.url, template));
        // Set last: a database without the mark is an unfinished template.
        await admin.unsafe(`alter database ${template} is_template true`);
      }
      // Copying files takes half as long as logging each page.
      await admin.unsafe(`create database ${name} template ${saved ?? template} strategy file_copy`);
    },
    { wait: true },
  );
  const url = withName(server.url, name);
  const sql = connect(url, { max: 8, name: "potstats test" });
  return {
    sql,
    url,
    drop: async () => {
      await sql.end({ timeout: 5 });
      await admin.unsafe(`drop database if exists ${name} with (force)`);
      await admin.end({ timeout: 5 });
      await server.close();
    },
  };
}

/** Drops templates of other versions, and clones whose test process is dead. */
async function removeLeftovers(admin: Sql, template: string): Promise<void> {
  const databases = await admin<{ name: string }[]>`
    select datname as name from pg_database where datname like 'template\\_%' or datname like 'test\\_%'`;
  for (const { name } of databases) {
    const pid = /^test_(\d+)_/.exec(name)?.[1];
    const stale = pid ? !isAlive(Number(pid)) : /^template_[0-9a-f]{12}$/.test(name) && name !== template;
    if (!stale) continue;
    if (!pid) await admin.unsafe(`alter database ${name} is_template false`);
    await admin.unsafe(`drop database if exists ${name} with (force)`);
  }
}

const isNamed = async (admin: Sql, name: string) =>
  (await admin`select 1 from pg_database where datname = ${name}`).length > 0;

/** Runs statements on the tests' server. */
async function withAdmin<T>(work: (admin: Sql) => Promise<T>): Promise<T> {
  const server = await testPostgres();
  const admin = connect(server.url, { max: 1 });
  try {
    return await work(admin);
  } finally {
    await admin.end({ timeout: 5 });
    await server.close();
  }
}

/**
 * Gives a database a name that stays, instead of dropping it. Closes its connections.
 * @param isReadOnly whether it is used by this name; otherwise it can be cloned
 */
export async function saveAs(database: TestDatabase, name: string, isReadOnly = false): Promise<void> {
  const own = new URL(database.url).pathname.slice(1);
  await database.sql.end({ timeout: 5 });
  await withAdmin(async (admin) => {
    if (isReadOnly) await admin.unsafe(`alter database ${own} set default_transaction_read_only = on`);
    await admin.unsafe(`alter database ${own} rename to ${name}`);
  });
  await database.drop();
}

/** Whether there is a database of that name. */
export const isSaved = (name: string): Promise<boolean> => withAdmin((admin) => isNamed(admin, name));

export const dropSaved = (name: string): Promise<unknown> =>
  withAdmin((admin) => admin.unsafe(`drop database if exists ${name} with (force)`));

/** The URL of a saved database. */
export async function openSaved(name: string): Promise<{ url: string; close(): Promise<void> }> {
  const { url, close } = await testPostgres();
  return { url: withName(url, name), close };
}

interface PostRow {
  pid: number;
  tid: number;
  poster_uid: number | null;
  timestamp: Date | null;
  content: string | null;
  title: string | null;
  edit_count: number | null;
  is_hidden: true | null;
  gone_at: Date | null;
  revision: number;
}

/** Inserts a board and its category. */
export async function insertBoard(
  sql: Sql,
  bid: number,
  values: { name?: string; description?: string; cid?: number } = {},
): Promise<void> {
  const cid = values.cid ?? 1;
  await sql`insert into categories (cid, name, description) values (${cid}, ${`Kategorie ${cid}`}, '') on conflict do nothing`;
  await sql`insert into boards ${sql({ bid, cid, name: values.name ?? `Brett ${bid}`, description: values.description ?? "" })}`;
}

/** Inserts a user. */
export async function insertUser(
  sql: Sql,
  uid: number,
  values: { name?: string; aliases?: string[] } = {},
): Promise<void> {
  await sql`insert into users (uid, name, aliases) values (${uid}, ${values.name ?? `Nutzer ${uid}`}, ${sql.json(values.aliases ?? [])})`;
}

/** Inserts a thread without posts. */
export async function insertThread(
  sql: Sql,
  tid: number,
  values: {
    bid?: number | null;
    title?: string;
    subtitle?: string;
    tags?: string[];
    gone_at?: Date | null;
    is_closed?: boolean;
  } = {},
): Promise<void> {
  await sql`
    insert into threads (tid, bid, title, subtitle, tags, gone_at, is_closed, is_sticky, is_important, is_announcement, is_global, hit_count, est_number_of_replies, is_complete)
    values (${tid}, ${values.bid ?? null}, ${values.title ?? `Thema ${tid}`}, ${values.subtitle ?? ""}, ${sql.json(values.tags ?? [])}, ${values.gone_at ?? null},
            ${values.is_closed ?? false}, false, false, false, false, 0, 0, false)`;
}

/** Inserts a post with its content, and updates the thread's first and last pid. */
export async function insertPost(sql: Sql, post: Partial<PostRow> & { pid: number; tid: number }): Promise<void> {
  const content = post.content === undefined ? `Beitrag ${post.pid}` : post.content;
  await sql`
    insert into posts (pid, tid, poster_uid, timestamp, edit_count, is_hidden, gone_at, content_length, revision)
    values (${post.pid}, ${post.tid}, ${post.poster_uid ?? null}, ${post.timestamp === undefined ? new Date(1_300_000_000_000) : post.timestamp},
            ${post.edit_count ?? 0}, ${post.is_hidden ?? null}, ${post.gone_at ?? null}, ${content === null ? 0 : Array.from(content).length}, ${post.revision ?? 0})`;
  await sql`insert into post_contents (pid, title, content) values (${post.pid}, ${post.title ?? null}, ${content})`;
  await sql`
    update threads set first_pid = least(first_pid, ${post.pid}), last_pid = greatest(last_pid, ${post.pid}) where tid = ${post.tid}`;
}
