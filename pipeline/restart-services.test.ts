/** A server restarts its embedded services within a minute if they die, on the same port if it is free. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbedded, stopEmbedded } from "@potstats/db/embedded/postgres";
import { stopMeilisearch } from "@potstats/search/embedded";
import { serveApp, type Served } from "@potstats/server/serve";
import { serveSettings } from "@potstats/server/testing/settings";
import { settle } from "@potstats/cli/testing/settle";
import { until } from "@potstats/cli/testing/until";

const folder = mkdtempSync(join(tmpdir(), "revival-"));
// Readable for the user postgres, too.
chmodSync(folder, 0o755);
let served: Served;
beforeAll(async () => {
  served = await serveApp(serveSettings({ DATA_DIR: folder, MEILI_URL: undefined }));
}, 120_000);
afterAll(async () => {
  await served?.stop();
  await stopEmbedded({ dataDir: folder });
  await stopMeilisearch({ DATA_DIR: folder });
  rmSync(folder, { recursive: true });
});

const clusters = ["postgres/server/cluster", "postgres/cluster"].map((path) => join(folder, path));
const postmaster = () => {
  const [pid, , , port] = readFileSync(join(clusters.find(existsSync) ?? "", "postmaster.pid"), "utf8").split("\n");
  return { pid: Number(pid), port: Number(port) };
};
const meilisearch = () =>
  JSON.parse(readFileSync(join(folder, "meilisearch/running.json"), "utf8")) as { pid: number; url: string };
/** Status of the health check. Reads the whole response, so that no connection stays busy. */
const readiness = async () => {
  const response = await fetch(`${served.url}/readyz`);
  await response.arrayBuffer();
  return response.status;
};
const isReady = async () => (await readiness()) === 200;
const isUnready = async () => !(await isReady());

/** Twice the promised minute. */
const timeout_s = 120;

test("PostgreSQL is restarted on its port", async () => {
  await until(isReady, timeout_s);
  const before = postmaster();
  process.kill(before.pid, "SIGKILL");
  await until(isUnready, timeout_s);
  await until(isReady, timeout_s);
  expect(postmaster().port).toBe(before.port);
  expect(postmaster().pid).not.toBe(before.pid);
}, 300_000);

test("PostgreSQL is restarted on another port if a program has taken its own", async () => {
  const before = postmaster();
  process.kill(before.pid, "SIGKILL");
  let squatter: ReturnType<typeof Bun.serve> | undefined;
  while (!squatter) {
    try {
      squatter = Bun.serve({ hostname: "127.0.0.1", port: before.port, fetch: () => new Response() });
    } catch {
      await Bun.sleep(1);
    }
  }
  await until(isUnready, timeout_s);
  await until(isReady, timeout_s);
  await squatter.stop(true);
  expect(postmaster().port).not.toBe(before.port);
}, 300_000);

test("Meilisearch is restarted on its port, and requires its key", async () => {
  await until(async () => (await fetch(`${meilisearch().url}/health`)).ok, timeout_s);
  const before = meilisearch();
  expect(statSync(join(folder, "meilisearch/key")).mode & 0o777).toBe(0o600);
  expect((await fetch(before.url, { headers: { Accept: "text/html" } })).headers.get("content-type")).not.toContain(
    "html",
  );
  expect((await fetch(`${before.url}/indexes`)).status).toBe(401);
  // Commands of root start it as the user that owns PostgreSQL's data, which is not root.
  const uidOf = (pid: number) => Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  expect(uidOf(before.pid)).toBe(uidOf(postmaster().pid));
  expect(uidOf(before.pid)).not.toBe(0);
  process.kill(before.pid, "SIGKILL");
  await until(async () => (await fetch(`${before.url}/health`)).ok, timeout_s);
  expect(meilisearch()).toMatchObject({ url: before.url });
  expect(meilisearch().pid).not.toBe(before.pid);
}, 300_000);

test("a service that an operator stopped is not restarted", async () => {
  const { revive, close } = await startEmbedded({ dataDir: folder });
  await stopEmbedded({ dataDir: folder });
  // What the server calls every few seconds; there is no address to return.
  expect(await settle(revive())).toThrow("postmaster.pid");
  expect(clusters.some((cluster) => existsSync(join(cluster, "postmaster.pid")))).toBe(false);
  expect(await readiness()).toBe(503);
  await close();
}, 60_000);
