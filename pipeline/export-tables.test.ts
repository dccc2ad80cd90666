/** The tables of an export, read back by DuckDB. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silent } from "@potstats/cli/progress";
import { analyze } from "@potstats/analytics/analyze";
import { testDatabase, type TestDatabase } from "@potstats/db/testing/database";
import { DuckDBConnection } from "@duckdb/node-api";
import { type Format, formats, writeTables } from "./export/tables.ts";

let database: TestDatabase;
let folder: string;
let duck: DuckDBConnection;

/** Names that break naive writers. */
const odd = [
  null,
  "",
  " ",
  "NULL",
  "\\N",
  "null",
  "a,b;c\td",
  '"quoted", "twice""',
  "two\nlines\r\nand three",
  "=1+1",
  "👩‍👩‍👧 ḧ́ ﷽",
  "0012",
  "true",
  "{}",
  "ends with \\",
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "potstats-tables-"));
  database = await testDatabase();
  const { sql } = database;
  await sql`insert into categories (cid, name, description) values (-2147483648, null, ''), (2147483647, 'x', null)`;
  await sql`insert into boards (bid, cid, name, revision) values (14, 2147483647, 'Küche', 0)`;
  for (const [at, name] of odd.entries())
    await sql`
      insert into users (uid, gid, name, aliases, name_timestamp, revision)
      values (${at - 3}, ${-at}, ${name}, ${sql.json(name === null ? [] : [name, "ä\n"])},
        ${at % 2 === 0 ? null : "2012-02-29 23:59:59.123456"}, 0)`;
  await sql`insert into threads (tid, bid, title, subtitle, is_closed, tags) values (1, 14, ${odd[8] ?? ""}, '', true, '["a", "b\\n"]')`;
  await sql`
    insert into posts (pid, poster_uid, tid, timestamp, content_length)
    select n, 3, 1, timestamp '2012-05-01' + n * interval '1 hour', n from generate_series(1, 45000) as n`;
  await analyze({ sql, timezone: "Europe/Berlin", forumUrl: "https://forum.example", full: true });
  // Analyses read revisions as numbers of JavaScript.
  await sql`update users set revision = 9223372036854775807 where uid % 3 = 0`;
  await sql`update boards set revision = 9007199254740993`;
  const phase = silent.phase("");
  await writeTables(sql, { folder, formats, phase, signal: new AbortController().signal });
  duck = await DuckDBConnection.create();
}, 60_000);

afterAll(async () => {
  duck?.closeSync();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

/** The tables of the database, with the columns in order. */
async function tablesOf() {
  const rows = await database.sql<{ schema: string; name: string; columns: string[] }[]>`
    select table_schema as schema, table_name as name, array_agg(column_name::text order by ordinal_position) as columns
    from information_schema.columns where table_schema in ('baked', 'public') group by 1, 2 order by 1, 2`;
  return rows.map((row) => ({ ...row, path: join(folder, row.schema, row.name) }));
}

/** Reads a file with every value as text. */
async function read(path: string, format: Format, columns: string[]) {
  const varchars = `{${columns.map((column) => `'${column}': 'VARCHAR'`).join(", ")}}`;
  const sources: Record<Format, string> = {
    csv: `read_csv('${path}.csv', all_varchar = true, header = true, allow_quoted_nulls = false, delim = ',', quote = '"', escape = '"')`,
    ndjson: `read_json('${path}.ndjson', format = 'newline_delimited', columns = ${varchars})`,
    parquet: `read_parquet('${path}.parquet')`,
  };
  const list = columns.map((column) => `"${column}"::varchar as "${column}"`).join(", ");
  const reader = await duck.runAndReadAll(`select ${list} from ${sources[format]}`);
  return reader.getRows() as (string | null)[][];
}

/** Rows that can be compared: in any order, and JSON without spaces, which mean nothing. */
const comparable = (rows: (string | null)[][], isJson: boolean[]): string[] =>
  rows
    .map((row) => JSON.stringify(row.map((value, at) => (isJson[at] && value !== null ? JSON.parse(value) : value))))
    .toSorted();

const withoutFiles = ["forgotten_users", "my_mods_users", "post_contents", "worldeater_state", "worldeater_tnu"];

test("every table reads back equal from CSV, NDJSON and Parquet", async () => {
  let filled = 0;
  for (const { schema, name, columns, path } of await tablesOf()) {
    if (schema === "public" && withoutFiles.includes(name)) {
      for (const format of formats) expect(existsSync(`${path}.${format}`)).toBe(false);
      continue;
    }
    const { sql } = database;
    const types = await sql<{ name: string; type: string }[]>`
      select column_name as name, udt_name as type from information_schema.columns
      where table_schema = ${schema} and table_name = ${name}`;
    const isJson = (column: string) => /^_|json/.test(types.find((type) => type.name === column)?.type ?? "");
    const list = columns.map((column) => (isJson(column) ? `to_json("${column}")::text` : `"${column}"::text`));
    const rows = await sql.unsafe(`select ${list.join(", ")} from "${schema}"."${name}"`).values();
    const json = columns.map(isJson);
    const expected = comparable([...rows] as (string | null)[][], json);
    if (rows.length > 0) filled++;
    for (const format of formats) {
      const found = comparable(await read(path, format, columns), json);
      expect({ schema, name, format, rows: found.length }).toEqual({ schema, name, format, rows: expected.length });
      expect(found).toEqual(expected);
    }
  }
  expect(filled).toBeGreaterThan(15);
});

test("numbers are numbers, so that DuckDB counts with them at once", async () => {
  const path = join(folder, "baked/daily_stats.parquet");
  const reader = await duck.runAndReadAll(`select sum(post_count)::int from read_parquet('${path}') where bid = 0`);
  expect(reader.getRows()).toEqual([[45_000]]);
  const users = join(folder, "public/users.ndjson");
  const largest = await duck.runAndReadAll(`select max(revision)::varchar from read_json('${users}')`);
  expect(largest.getRows()).toEqual([["9223372036854775807"]]);
});

test("Parquet files are compressed with Zstandard, which takes two thirds of the bytes of the usual Snappy", async () => {
  const path = join(folder, "public/posts.parquet");
  const reader = await duck.runAndReadAll(`select distinct compression from parquet_metadata('${path}')`);
  expect(reader.getRows()).toEqual([["ZSTD"]]);
});
