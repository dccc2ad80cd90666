/** Whatever happened to a file, it is refused with one sentence, and the database stays as it was. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { settle } from "@potstats/cli/testing/settle";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silent } from "@potstats/cli/progress";
import { rowsIn } from "../testing/contents.ts";
import { insertBoard, insertPost, insertThread, type TestDatabase, testDatabase } from "../testing/database.ts";
import { ArchiveWriter, type Contents, contentsName, type Format, formatName } from "./archive.ts";
import { backup } from "./backup.ts";
import { checkBackup } from "./check.ts";
import { restore } from "./restore.ts";
import { readMigrations } from "./schema.ts";

const folder = mkdtempSync(join(tmpdir(), "check-"));
const path = join(folder, "intact.tar");
let database: TestDatabase;
let intact: Buffer;

beforeAll(async () => {
  database = await testDatabase();
  const { sql } = database;
  await insertBoard(sql, 1);
  await insertThread(sql, 1, { bid: 1 });
  for (let pid = 1; pid <= 50; pid++) await insertPost(sql, { pid, tid: 1 });
  await backup({ sql, path, progress: silent });
  intact = readFileSync(path);
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

/** What a restore says about a file. */
async function refusalOf(content: Uint8Array | string): Promise<string> {
  const file = join(folder, "other.tar");
  writeFileSync(file, content);
  return checkBackup(file, silent).then(
    () => "accepted",
    (error: Error) => (error.name === "CommandError" ? error.message.replace(file, "FILE") : `unexpected: ${error}`),
  );
}

const refused =
  /^FILE (is damaged: its content is not what was written|is incomplete: it does not end as a backup does|is not a backup that `bun run db backup` wrote)\. Nothing was changed(; use another backup)?$|^a newer version of pOTstats wrote FILE/;

test("an intact file is accepted", async () => {
  expect(await refusalOf(intact)).toBe("accepted");
});

test("a single flipped bit, anywhere", async () => {
  const positions = [
    ...Array.from({ length: 40 }, (_, at) => at * 13),
    ...Array.from({ length: 150 }, () => Math.floor(Math.random() * intact.length)),
    ...Array.from({ length: 60 }, (_, at) => intact.length - 1 - at * 37),
  ];
  const accepted: string[] = [];
  for (const at of positions) {
    const flipped = Buffer.from(intact);
    flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
    const refusal = await refusalOf(flipped);
    if (!refused.test(refusal)) accepted.push(`${at}: ${refusal}`);
  }
  expect(accepted).toEqual([]);
});

test("a file that is truncated, extended, torn, or has a hole", async () => {
  const lengths = [0, 1, 27, 511, intact.length - 1, intact.length - 512, intact.length - 1024, intact.length - 2048];
  for (let length = 512; length < intact.length; length += 1536) lengths.push(length);
  const files = [
    ...lengths.map((length) => intact.subarray(0, length)),
    Buffer.concat([intact, Buffer.alloc(1)]),
    Buffer.concat([intact, Buffer.alloc(512)]),
    Buffer.concat([intact, intact]),
    Buffer.concat([intact.subarray(0, 4096), intact.subarray(6144)]),
    Buffer.concat([intact.subarray(0, 6144), Buffer.alloc(1024), intact.subarray(7168)]),
  ];
  const accepted: string[] = [];
  for (const file of files) {
    const refusal = await refusalOf(file);
    if (!refused.test(refusal)) accepted.push(`${file.length}: ${refusal}`);
  }
  expect(accepted).toEqual([]);
});

test("something else", async () => {
  const isNoBackup = "FILE is not a backup that `bun run db backup` wrote. Nothing was changed";
  Bun.spawnSync(["tar", "--create", "--file", join(folder, "foreign.tar"), "--directory", folder, "intact.tar"]);
  for (const content of [
    "",
    "PGDMP\u0001\u000f",
    "-- PostgreSQL database dump",
    readFileSync(join(folder, "foreign.tar")),
  ])
    expect(await refusalOf(content)).toBe(isNoBackup);
  expect(await settle(checkBackup(folder, silent))).toThrow("is not a backup");
  expect(await settle(checkBackup(join(folder, "missing.tar"), silent))).toThrow("does not exist");
});

/** An intact archive with another format member. */
async function written(format: Partial<Format>): Promise<Buffer> {
  const [at, file] = [new Date().toISOString(), join(folder, "written.tar")];
  const latest = readMigrations().at(-1);
  const writer = await ArchiveWriter.create(file, at);
  await writer.addJson(formatName, {
    version: 1,
    migration: latest?.tag ?? "",
    created_at: at,
    tables: latest?.tables ?? {},
    ...format,
  });
  await writer.addJson(contentsName, { rows: {}, sequences: {} } satisfies Contents);
  await writer.finish();
  return readFileSync(file);
}

test("a backup of a newer version, or of other tables", async () => {
  expect(await refusalOf(await written({}))).toBe("accepted");
  const newer = "a newer version of pOTstats wrote FILE: update pOTstats. Nothing was changed";
  expect(await refusalOf(await written({ version: 2 }))).toBe(newer);
  expect(await refusalOf(await written({ migration: "9999_later" }))).toBe(newer);
  expect(await refusalOf(await written({ tables: { 'posts"; drop table x': ["pid"] } }))).toContain("has other tables");
});

test("a refused or changing file leaves the database as it was", async () => {
  const target = await testDatabase();
  const { sql } = target;
  await insertBoard(sql, 9);
  const before = await rowsIn(sql);
  const file = join(folder, "changing.tar");
  const attempt = (progress = silent) => restore({ sql, path: file, replace: true, progress });
  writeFileSync(file, intact.subarray(0, -700));
  expect(await settle(attempt())).toThrow("is incomplete");
  expect(await rowsIn(sql)).toEqual(before);
  // Other rows under the same names: an intact backup that is not the one that was checked.
  await database.sql`update threads set title = 'Anderes'`;
  await backup({ sql: database.sql, path: join(folder, "later.tar"), progress: silent });
  writeFileSync(file, intact);
  const swapped = {
    ...silent,
    phase: (name: string) => ({
      ...silent.phase(name),
      done: () => {
        if (name === "check") renameSync(join(folder, "later.tar"), file);
      },
    }),
  };
  expect(await settle(attempt(swapped))).toThrow("changed while it was restored. The database is as it was before");
  expect(await rowsIn(sql)).toEqual(before);
  await target.drop();
});
