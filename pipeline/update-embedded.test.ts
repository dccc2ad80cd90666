/** The update loop with embedded services. */
import { afterAll, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCommand } from "@potstats/cli/testing/command";
import { until } from "@potstats/cli/testing/until";
import { stopEmbedded } from "@potstats/db/embedded/postgres";
import { stopMeilisearch } from "@potstats/search/embedded";
import { createForum } from "@potstats/simulator/forum";

const forum = createForum({ seed: 6, posts: 1000, years: 1 });
const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => forum.fetch(request) });
const folder = mkdtempSync(join(tmpdir(), "potstats-loop-"));
// Readable for the user postgres, too.
chmodSync(folder, 0o755);
afterAll(async () => {
  await server.stop(true);
  await stopEmbedded({ dataDir: folder });
  await stopMeilisearch({ DATA_DIR: folder });
  rmSync(folder, { recursive: true });
});

const clusters = ["postgres/server/cluster", "postgres/cluster"].map((path) => join(folder, path));
const postgresPid = () => {
  const file = join(clusters.find(existsSync) ?? "", "postmaster.pid");
  return existsSync(file) ? Number(readFileSync(file, "utf8").split("\n")[0]) : 0;
};
const meilisearchPid = () =>
  (JSON.parse(readFileSync(join(folder, "meilisearch/running.json"), "utf8")) as { pid: number }).pid;

test("a pass restarts embedded services that have died since the last one", async () => {
  const child = startCommand(["pipeline/update.ts", "--every", "5s"], {
    DATABASE_URL: "",
    MEILI_URL: "",
    DATA_DIR: folder,
    FORUM_URL: server.url.origin,
    REQUEST_DELAY: "0",
  });
  let output = "";
  const reading = (async () => {
    for await (const chunk of child.stderr) output += new TextDecoder().decode(chunk);
  })();
  await until(async () => output.includes("next pass in"), 120);
  const before = { postgres: postgresPid(), meilisearch: meilisearchPid() };
  for (const pid of Object.values(before)) process.kill(pid, "SIGKILL");
  await until(async () => ![before.postgres, 0].includes(postgresPid()), 120);
  await until(async () => meilisearchPid() !== before.meilisearch, 120);
  child.kill("SIGTERM");
  expect(await child.exited).toBe(0);
  await reading;
}, 300_000);
