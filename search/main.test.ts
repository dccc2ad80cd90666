/** `bun run index` on the command line. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand, startCommand } from "@potstats/cli/testing/command";
import { testDatabase } from "@potstats/db/testing/database";
import { openMeilisearch } from "./embedded.ts";
import { createSearch } from "./search.ts";
import { type Corpus, makeCorpus, timezone } from "./testing/corpus.ts";

let corpus: Corpus;
const folder = mkdtempSync(join(tmpdir(), "potstats index "));
beforeAll(async () => {
  corpus = await makeCorpus();
});
afterAll(async () => {
  await corpus.stop();
  rmSync(folder, { recursive: true });
});

const environment = () => ({
  DATA_DIR: folder,
  DATABASE_URL: corpus.database.url,
  MEILI_URL: corpus.meili.url,
  MEILI_MASTER_KEY: corpus.meili.key ?? "",
});

const start = (options: string[]) => startCommand(["search/main.ts", ...options], environment());
const index = (options: string[], more: Record<string, string> = {}) =>
  runCommand(["search/main.ts", ...options], { ...environment(), ...more });

test("prints help, and rejects unknown options", async () => {
  const help = await index(["--help"]);
  expect(help).toMatchObject({ exitCode: 0, stderr: "" });
  for (const word of ["--full", "--json", "Examples:"]) expect(help.stdout).toContain(word);
  for (const options of [["--nonsense"], ["more"], ["--full=1"]]) expect((await index(options)).exitCode).toBe(2);
  const wrong = await index([], { MEILI_URL: "nowhere" });
  expect(wrong.exitCode).toBe(2);
  expect(wrong.stderr).toContain("MEILI_URL: must be a URL");
});

test("--stop only stops the embedded Meilisearch", async () => {
  expect(await index(["--stop"])).toMatchObject({ exitCode: 0, stdout: "Meilisearch was not running\n" });
  const embedded = await openMeilisearch({ MEILI_URL: undefined, MEILI_MASTER_KEY: undefined, DATA_DIR: folder });
  expect((await fetch(`${embedded?.url}/health`)).status).toBe(200);
  expect(await index(["--stop"])).toMatchObject({ exitCode: 0, stdout: "Meilisearch stopped\n", stderr: "" });
  expect(await fetch(`${embedded?.url}/health`).catch(() => "gone")).toBe("gone");
  expect((await fetch(`${corpus.meili.url}/health`)).status).toBe(200);
  await embedded?.close();
});

test("explains errors of Meilisearch, and fills PostgreSQL's index nevertheless", async () => {
  const key = await index([], { MEILI_MASTER_KEY: "wrong" });
  expect(key).toMatchObject({ exitCode: 1, stdout: "" });
  expect(key.stderr).toContain("rejects the key: set MEILI_MASTER_KEY");
  const unreachable = await index([], { MEILI_URL: "http://127.0.0.1:1" });
  expect(unreachable.exitCode).toBe(1);
  expect(unreachable.stderr).toContain("error: Meilisearch at http://127.0.0.1:1 cannot be reached");
  const search = createSearch({ sql: corpus.database.sql, timezone });
  const { count } = await search.search({
    content: "Dampfer",
    type: "post",
    sort: "score",
    offset: 0,
    limit: 1,
    facets: false,
  });
  expect(count).toBe(3);
});

test("for an empty database, says what to run first", async () => {
  const empty = await testDatabase();
  const { stderr, exitCode } = await index([], { DATABASE_URL: empty.url });
  expect(exitCode).toBe(1);
  expect(stderr).toContain("nothing has been analyzed yet: run `bun run analyze` first");
  await empty.drop();
});

/** Whether a process is filling the index of this database. */
const isLocked = async () =>
  (
    await corpus.database.sql`
      select 1 from pg_locks where locktype = 'advisory' and objid = 4
        and database = (select oid from pg_database where datname = current_database())`
  ).length > 0;

test("after a killed and an interrupted run, the next run fills both engines", async () => {
  const killed = start(["--full", "--json"]);
  await killed.stdout.getReader().read();
  killed.kill("SIGKILL");
  await killed.exited;
  while (await isLocked()) await Bun.sleep(5);
  const interrupted = start(["--full"]);
  while (!(await isLocked())) await Bun.sleep(5);
  interrupted.kill("SIGINT");
  expect(await interrupted.exited).toBe(130);
  expect(await new Response(interrupted.stderr).text()).toContain("interrupted");

  const full = await index(["--full"]);
  expect(full).toMatchObject({ exitCode: 0 });
  expect(full.stdout).toMatch(
    /^postgres: 85 posts, 6 threads, filled in \d+\.\d s\nmeilisearch: 85 posts, 6 threads, filled in \d+\.\d s\n$/,
  );
  const unchanged = await index([]);
  expect(unchanged.stdout).toBe(
    "postgres: 85 posts, 6 threads, nothing changed\nmeilisearch: 85 posts, 6 threads, nothing changed\n",
  );
});

test("--json prints one object per line, the summary last", async () => {
  const { stdout, exitCode } = await index(["--full", "--json"]);
  expect(exitCode).toBe(0);
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.filter(({ done }) => done).map(({ phase, count, total }) => ({ phase, count, total }))).toEqual([
    { phase: "index postgres", count: 98, total: 98 },
    // Two posts without words of their own are not indexed.
    { phase: "index meilisearch", count: 96, total: 96 },
  ]);
  expect(lines.at(-1)).toEqual({
    engines: ["postgres", "meilisearch"].map((engine) => ({
      engine,
      changed: true,
      posts: 85,
      threads: 6,
      seconds: expect.any(Number),
    })),
  });
});
