/** The command as an operator runs it, against a simulated forum. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readUntil, runCommand, startCommand } from "@potstats/cli/testing/command";
import { testDatabase, type TestDatabase } from "@potstats/db/testing/database";
import { createForum } from "@potstats/simulator/forum";

const forum = createForum({ seed: 5, posts: 1000, years: 1 });
const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => forum.fetch(request) });
let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), "potstats-update-"));
});
afterAll(async () => {
  await server.stop(true);
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** The command with these options, as arguments of {@link startCommand}. */
const update = (
  options: string[],
  environment: Record<string, string> = {},
): [args: string[], env: Record<string, string>] => [
  ["pipeline/update.ts", ...options],
  { DATABASE_URL: database.url, DATA_DIR: folder, FORUM_URL: server.url.origin, REQUEST_DELAY: "0", ...environment },
];

test("once: crawls, analyzes and indexes", async () => {
  expect(await runCommand(...update(["--board", "all"]))).toMatchObject({ exitCode: 0 });
  const [counts] = await database.sql`
    select (select count(*)::int from posts) as crawled, (select sum(post_count)::int from baked.daily_stats where bid = 0) as analyzed,
           (select count(*)::int from search.posts) as indexed`;
  expect(counts?.["crawled"]).toBeGreaterThan(900);
  expect(counts?.["analyzed"]).toBe(counts?.["crawled"]);
  expect(counts?.["indexed"]).toBeGreaterThan(900);
});

test("on a schedule, until SIGTERM ends it cleanly", async () => {
  const child = startCommand(...update(["--every", "1s"]));
  const output = await readUntil(child.stderr, "next pass in");
  expect(output).toContain("crawled: 0 posts added");
  child.kill("SIGTERM");
  expect(await child.exited).toBe(0);
});

test("reports a failed pass, and retries later", async () => {
  const child = startCommand(
    ...update(["--every", "1s", "--json"], { DATABASE_URL: "postgres://nobody:geheim@127.0.0.1:1/none" }),
  );
  const output = await readUntil(child.stdout, "next pass in");
  expect(output).toContain("pass failed (1 in a row)");
  expect(output).toContain("next pass in 1:00");
  expect(output).not.toContain("geheim");
  child.kill("SIGINT");
  expect(await child.exited).toBe(0);
});

test("a pass that the forum refuses counts as failed", async () => {
  const refusing = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("", { status: 403 }) });
  const other = await testDatabase();
  const child = startCommand(...update(["--every", "1s"], { DATABASE_URL: other.url, FORUM_URL: refusing.url.origin }));
  const output = await readUntil(child.stderr, "next pass in");
  expect(output).toContain("pass failed (1 in a row): the list of boards: status 403");
  expect(output).toContain("next pass in 1:00");
  child.kill("SIGINT");
  expect(await child.exited).toBe(0);
  await refusing.stop(true);
  await other.drop();
});

test("refuses invalid options with exit code 2", async () => {
  for (const options of [
    ["--every", "sometimes"],
    ["--board", "x"],
    ["--rescan", "soon"],
    ["--patrol", "5"],
    ["--patrol", "200%"],
    ["--frobnicate"],
    ["extra"],
  ]) {
    const { exitCode } = await runCommand(...update(options));
    expect({ options, exitCode }).toEqual({ options, exitCode: 2 });
  }
}, 20_000);
