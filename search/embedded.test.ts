import { afterAll, beforeEach, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startHolder } from "@potstats/cli/testing/command";
import { copyVerified, openMeilisearch } from "./embedded.ts";

const root = mkdtempSync(join(tmpdir(), "potstats meilisearch "));
afterAll(() => rmSync(root, { recursive: true }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, "data "));
});

const open = (messages: string[] = []) =>
  openMeilisearch({
    MEILI_URL: undefined,
    MEILI_MASTER_KEY: undefined,
    DATA_DIR: folder,
    say: (message) => messages.push(message),
  });
const running = () =>
  JSON.parse(readFileSync(join(folder, "meilisearch", "running.json"), "utf8")) as { pid: number; url: string };
const isAlive = (pid: number) => {
  try {
    // A zombie process still exists.
    return process.kill(pid, 0) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};

/** A command that opens the server, prints its address, and exits when its input ends. */
function command() {
  const script = `
    import { openMeilisearch } from "./embedded.ts";
    const meili = await openMeilisearch({ DATA_DIR: process.argv[1] });
    console.log(meili.url);
    for await (const _ of Bun.stdin.stream());
    await meili.close();`;
  return startHolder(script, [folder], import.meta.dirname);
}

test("a file with another hash is not used; a modified copy is replaced", async () => {
  const [source, target] = [join(folder, "source"), join(folder, "target")];
  writeFileSync(source, "the binary");
  const hash = createHash("sha256").update("the binary").digest("hex");
  expect(await copyVerified(source, target, hash.replace(/^./, "x"))).toBe(false);
  expect(() => statSync(target)).toThrow();
  expect(await copyVerified(source, target, hash)).toBe(true);
  expect(statSync(target).mode & 0o777).toBe(0o755);
  writeFileSync(target, "something else");
  expect(await copyVerified(source, target, hash)).toBe(true);
  expect(readFileSync(target, "utf8")).toBe("the binary");
  writeFileSync(source, "another binary");
  expect(await copyVerified(source, target, hash)).toBe(true);
  writeFileSync(target, "something else");
  expect(await copyVerified(source, target, hash)).toBe(false);
});

test("commands share one server, protected by a key, and the last user stops it", async () => {
  const commands = [command(), command()];
  const urls = await Promise.all(commands.map(({ line }) => line()));
  expect(new Set(urls).size).toBe(1);
  const { pid, url } = running();
  expect(urls[0]).toBe(url);
  expect((await fetch(`${url}/indexes`)).status).toBe(401);
  expect(statSync(join(folder, "meilisearch", "key")).mode & 0o777).toBe(0o600);
  expect(await commands[0]!.leave()).toBe(0);
  expect(isAlive(pid)).toBe(true);
  expect(await commands[1]!.leave()).toBe(0);
  expect(isAlive(pid)).toBe(false);
});

test("a server left by a killed command is adopted; a dead one is restarted with its data", async () => {
  const killed = command();
  const url = await killed.line();
  await killed.kill();
  const adopted = await open();
  expect(adopted?.url).toBe(url);
  const { pid } = running();
  process.kill(pid, "SIGKILL");
  while (isAlive(pid)) await Bun.sleep(10);
  const second = await open();
  expect(running().pid).not.toBe(pid);
  expect((await fetch(`${second?.url}/indexes`, { headers: { Authorization: `Bearer ${adopted?.key}` } })).status).toBe(
    200,
  );
  const now = running();
  await second?.close();
  expect(isAlive(now.pid)).toBe(true);
  await adopted?.close();
  expect(isAlive(now.pid)).toBe(false);
});

test("a server whose starting command was killed is ended before another starts: two must not share the data", async () => {
  const killed = command();
  // The file is written before the server accepts connections.
  const started = async () => {
    for (;;) {
      try {
        return running();
      } catch {
        await Bun.sleep(1);
      }
    }
  };
  const { pid } = await started();
  await killed.kill();
  const messages: string[] = [];
  const meili = await open(messages);
  expect(messages).toEqual([]);
  const now = running();
  expect(isAlive(pid)).toBe(now.pid === pid);
  expect((await fetch(`${now.url}/health`)).ok).toBe(true);
  await meili?.close();
  expect(isAlive(now.pid)).toBe(false);
});

test("a half-created database does not prevent the start", async () => {
  mkdirSync(join(folder, "meilisearch", "db", "tasks"), { recursive: true });
  const messages: string[] = [];
  const meili = await open(messages);
  expect(messages).toEqual([]);
  await meili?.close();
});

test("data of another version are removed, because the server would refuse to start", async () => {
  await (await open())?.close();
  const path = join(folder, "meilisearch", "db", "VERSION");
  for (const version of ["1.20.0", "2.0.0"]) {
    writeFileSync(path, version);
    const messages: string[] = [];
    const meili = await open(messages);
    expect(messages).toEqual([expect.stringContaining(`the data of Meilisearch ${version} are removed`)]);
    expect((await fetch(`${meili?.url}/health`)).ok).toBe(true);
    await meili?.close();
  }
});

test("a stalled server is not started a second time", async () => {
  const first = await open();
  const { pid } = running();
  process.kill(pid, "SIGSTOP");
  try {
    const second = await open();
    expect(running().pid).toBe(pid);
    await second?.close();
  } finally {
    process.kill(pid, "SIGCONT");
  }
  expect((await fetch(`${first?.url}/health`)).ok).toBe(true);
  await first?.close();
});

test("if Meilisearch does not start, the reason is reported and PostgreSQL searches", async () => {
  const messages: string[] = [];
  await (await open())?.close();
  rmSync(join(folder, "meilisearch", "db"), { recursive: true });
  writeFileSync(join(folder, "meilisearch", "db"), "no database");
  expect(await open(messages)).toBeNull();
  expect(messages).toEqual([expect.stringMatching(/does not start: see .*log; PostgreSQL searches instead/)]);
});

test("without a folder that can be written, PostgreSQL searches", async () => {
  const messages: string[] = [];
  const file = join(folder, "file");
  writeFileSync(file, "");
  const DATA_DIR = join(file, "data");
  const say = (message: string) => messages.push(message);
  expect(await openMeilisearch({ MEILI_URL: undefined, MEILI_MASTER_KEY: undefined, DATA_DIR, say })).toBeNull();
  expect(messages).toEqual([expect.stringMatching(/^ENOTDIR.*; PostgreSQL searches instead$/)]);
});

test("a configured server is used unchanged", async () => {
  const given = { MEILI_URL: "http://search.example:7700", MEILI_MASTER_KEY: "k", DATA_DIR: folder };
  const meili = await openMeilisearch(given);
  expect(meili).toMatchObject({ url: "http://search.example:7700", key: "k" });
  await meili?.close();
  expect(() => statSync(join(folder, "meilisearch"))).toThrow();
});
