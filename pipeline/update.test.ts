/** The command as an operator runs it, against a simulated forum. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

function update(arguments_: string[], environment: Record<string, string> = {}) {
  return Bun.spawn(["bun", join(import.meta.dirname, "update.ts"), ...arguments_], {
    env: {
      ...process.env,
      DATABASE_URL: database.url,
      DATA_DIR: folder,
      FORUM_URL: server.url.origin,
      REQUEST_DELAY: "0",
      ...environment,
    },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
}

/** Reads on until a line holds the text. */
async function seen(stream: ReadableStream<Uint8Array>, text: string): Promise<string> {
  let read = "";
  for await (const chunk of stream) {
    read += new TextDecoder().decode(chunk);
    if (read.includes(text)) return read;
  }
  throw new Error(`ended without "${text}":\n${read}`);
}

test("once: crawls, analyzes and indexes", async () => {
  const child = update(["--board", "all"]);
  const said = await new Response(child.stderr).text();
  expect({ code: await child.exited, said }).toMatchObject({ code: 0 });
  const [counts] = await database.sql`
    select (select count(*)::int from posts) as crawled, (select sum(post_count)::int from baked.daily_stats where bid = 0) as analyzed,
           (select count(*)::int from search.posts) as indexed`;
  expect(counts?.["crawled"]).toBeGreaterThan(900);
  expect(counts?.["analyzed"]).toBe(counts?.["crawled"]);
  expect(counts?.["indexed"]).toBeGreaterThan(900);
});

test("repeatedly, until SIGTERM ends it cleanly", async () => {
  const child = update(["--every", "1s"]);
  const said = await seen(child.stderr, "next pass in");
  expect(said).toContain("crawled: 0 posts added");
  child.kill("SIGTERM");
  expect(await child.exited).toBe(0);
});

test("reports a failed pass, and tries again later", async () => {
  const child = update(["--every", "1s", "--json"], { DATABASE_URL: "postgres://nobody:geheim@127.0.0.1:1/none" });
  const said = await seen(child.stdout, "next pass in");
  expect(said).toContain("pass failed (1 in a row)");
  expect(said).toContain("next pass in 1:00");
  expect(said).not.toContain("geheim");
  child.kill("SIGINT");
  expect(await child.exited).toBe(0);
});

test("a pass that the forum refuses counts as failed", async () => {
  const refusing = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("", { status: 403 }) });
  const other = await testDatabase();
  const child = update(["--every", "1s"], { DATABASE_URL: other.url, FORUM_URL: refusing.url.origin });
  const said = await seen(child.stderr, "next pass in");
  expect(said).toContain("pass failed (1 in a row): the list of boards: status 403");
  expect(said).toContain("next pass in 1:00");
  child.kill("SIGINT");
  expect(await child.exited).toBe(0);
  await refusing.stop(true);
  await other.drop();
});

test("refuses invalid options with exit code 2", async () => {
  for (const nonsense of [
    ["--every", "sometimes"],
    ["--board", "x"],
    ["--rescan", "soon"],
    ["--patrol", "5"],
    ["--patrol", "200%"],
    ["--frobnicate"],
    ["extra"],
  ]) {
    const child = update(nonsense);
    expect({ nonsense, code: await child.exited }).toEqual({ nonsense, code: 2 });
  }
}, 20_000);
