/** The commands as an operator runs, interrupts and kills them. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand, startCommand } from "@potstats/cli/testing/command";
import { until } from "@potstats/cli/testing/until";
import { rowsIn } from "../testing/contents.ts";
import { insertBoard, insertPost, insertThread, type TestDatabase, testDatabase } from "../testing/database.ts";

const folder = mkdtempSync(join(tmpdir(), "commands-"));
const path = join(folder, "potstats.tar");
let source: TestDatabase;
let target: TestDatabase;
beforeAll(async () => {
  [source, target] = await Promise.all([testDatabase(), testDatabase()]);
  await insertBoard(source.sql, 1);
  await insertThread(source.sql, 1, { bid: 1 });
  for (let pid = 1; pid <= 30; pid++) await insertPost(source.sql, { pid, tid: 1 });
  await insertBoard(target.sql, 9);
});
afterAll(async () => {
  await Promise.all([source?.drop(), target?.drop()]);
  rmSync(folder, { recursive: true });
});

const environment = (database: TestDatabase) => ({ DATABASE_URL: database.url, DATA_DIR: folder });
const run = (database: TestDatabase, ...args: string[]) => runCommand(["db/main.ts", ...args], environment(database));

test("backup, then restore", async () => {
  const first = await run(source, "backup", path);
  expect([first.exitCode, first.stdout]).toEqual([0, expect.stringContaining(`${path}: `)]);
  expect(first.stdout).toContain(" kB, 30 posts, made at ");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["potstats.tar"]);

  const again = await run(source, "backup", path);
  expect([again.exitCode, again.stderr]).toEqual([
    1,
    expect.stringContaining("already exists: choose another name, or add --overwrite"),
  ]);
  expect((await run(source, "backup", path, "--overwrite")).exitCode).toBe(0);
  expect((await run(source, "backup", folder)).stderr).toContain("is a folder: add the file's name");

  const check = await run(target, "restore", path, "--check");
  expect([check.exitCode, check.stdout]).toEqual([0, expect.stringContaining(`${path} is complete: 30 posts of 2`)]);
  const refused = await run(target, "restore", path);
  expect([refused.exitCode, refused.stderr]).toEqual([
    1,
    expect.stringContaining("already has rows (boards, categories): add --replace"),
  ]);
  expect((await rowsIn(target.sql))["boards"]).toHaveLength(1);
  const restored = await run(target, "restore", path, "--replace");
  expect([restored.exitCode, restored.stdout]).toEqual([
    0,
    expect.stringMatching(
      /^restored 30 posts of .*\nstatistics and search are empty: run `bun run analyze` and `bun run index`\n$/,
    ),
  ]);
  expect(await rowsIn(target.sql)).toEqual(await rowsIn(source.sql));
});

test("a damaged file: exit code 1 and one sentence", async () => {
  const torn = join(folder, "torn.tar");
  writeFileSync(torn, (await Bun.file(path).bytes()).subarray(0, 5000));
  const { exitCode, stderr } = await run(target, "restore", torn, "--replace");
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^error: .*torn\.tar is incomplete: .*\n$/m)]);
  rmSync(torn);
});

/** While a query holds the target's tables, a restore has loaded everything and waits to swap. */
async function whileWaiting(work: (child: ReturnType<typeof startCommand>) => Promise<void>): Promise<void> {
  await target.sql.begin(async (holder) => {
    await holder`select 1 from posts limit 1`;
    const child = startCommand(["db/main.ts", "restore", path, "--replace"], environment(target));
    await until(async () => {
      const waiting = await target.sql`
        select 1 from pg_stat_activity where datname = current_database() and application_name = 'potstats backup' and wait_event_type = 'Lock'`;
      return waiting.length > 0;
    });
    await work(child);
  });
}

test("a restore that is killed or interrupted leaves the old state", async () => {
  await target.sql`update boards set name = 'vorher'`;
  const before = await rowsIn(target.sql);
  await whileWaiting(async (child) => {
    child.kill("SIGKILL");
    await child.exited;
  });
  expect(await rowsIn(target.sql)).toEqual(before);
  await whileWaiting(async (child) => {
    child.kill("SIGINT");
    expect(await child.exited).toBe(130);
    expect(await new Response(child.stderr).text()).toContain("the database stays as it was");
  });
  expect(await rowsIn(target.sql)).toEqual(before);
  const schemas = await target.sql`select nspname from pg_namespace where nspname like 'crawled%'`;
  expect([...schemas]).toEqual([]);
  expect((await run(target, "restore", path, "--replace")).exitCode).toBe(0);
  expect(await rowsIn(target.sql)).toEqual(await rowsIn(source.sql));
});

test.each(["SIGINT", "SIGTERM"] as const)("a backup that is ended by %s leaves no file", async (signal) => {
  const file = join(folder, `${signal}.tar`);
  await source.sql.begin(async (holder) => {
    await holder`lock table post_contents in access exclusive mode`;
    const child = startCommand(["db/main.ts", "backup", file], environment(source));
    await until(() => existsSync(`${file}.partial`));
    child.kill(signal);
    expect([130, 143]).toContain(await child.exited);
  });
  expect(readdirSync(folder)).toEqual(["potstats.tar"]);
});
