/** `bun run demo` as a newcomer sees it. */
import { afterAll, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readUntil, runCommand, startCommand } from "@potstats/cli/testing/command";
import { createForum } from "@potstats/simulator/forum";
import { serveDemo } from "./serve-demo.ts";

const folder = mkdtempSync(join(tmpdir(), "potstats-demo-"));
// As root, the embedded PostgreSQL runs as another user, who needs access.
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const forum = createForum({ posts: 1500, years: 3 });

/** Starts the demo, visits it, and stops it. @returns what it showed, and what `visit` returned */
async function start<Seen>(visit: (url: string, instructions: string) => Promise<Seen>) {
  let shown = "";
  const stop = new AbortController();
  const ready = Promise.withResolvers<Seen>();
  const serving = serveDemo({
    PORT: 0,
    DATA_DIR: folder,
    STATS_TIMEZONE: "Europe/Berlin",
    forum,
    signal: stop.signal,
    stream: { write: (text: string) => (shown += text) },
    tell: (instructions, url) => ready.resolve(visit(url, instructions)),
  });
  serving.catch(ready.reject);
  try {
    return { seen: await ready.promise, shown };
  } finally {
    stop.abort();
    await serving.catch(() => {});
  }
}

test("says what it does and how long it takes, shows one progress, and suggests addresses that exist", async () => {
  const { seen, shown } = await start(async (url, instructions) => {
    const addresses = [...instructions.matchAll(/http:\S+/g)].map(([address]) => address);
    const statuses = await Promise.all(addresses.map(async (address) => (await fetch(address)).status));
    const found = await fetch(`${url}/api/search?type=post&content=${encodeURIComponent("Lüftern")}`);
    return { instructions, addresses, statuses, hits: (await found.json()) as { results: { snippet: string }[] } };
  });
  expect(shown).toStartWith(
    "Simulates a forum of 1,500 posts, reads and analyzes it, and serves the result.\nThis takes about 30 seconds;",
  );
  // Besides the introduction: the progress, and no word of the crawler.
  for (const line of shown.split("\n").slice(2).filter(Boolean))
    expect(line).toMatch(/^… demo: \d+ %, about \d+ s left, |^✓ demo: [\d.]+ s$/);
  expect(seen.instructions).toMatch(/made-up forum: 1,\d{3} posts by \d+ users in \d+ boards, from 2015 to 2018/);
  expect(seen.addresses.map((address) => new URL(address).pathname.replace(/\d+$/, "UID"))).toEqual([
    "/",
    "/",
    "/search",
    "/network",
    "/users/UID",
    "/days",
    "/compare",
  ]);
  expect(new Set(seen.statuses)).toEqual(new Set([200]));
  expect(seen.hits.results[0]?.snippet).toContain("<strong>Gehäuselüfter</strong>");
}, 120_000);

test("a second start expects seconds, and leaves statistics that are as current as the crawl", async () => {
  const { seen, shown } = await start(async (url) => (await fetch(`${url}/api/status`)).json());
  expect(shown).toStartWith(
    "Serves the simulated forum of an earlier start.\nThis takes a few seconds. Ctrl-C stops it.",
  );
  const { last_crawl_at, last_analysis_at } = seen as Record<string, string>;
  expect(Date.parse(last_analysis_at ?? "")).toBeGreaterThanOrEqual(Date.parse(last_crawl_at ?? ""));
}, 60_000);

const demo = (args: string[], env: Record<string, string>) =>
  runCommand(["pipeline/demo.ts", ...args], { DATA_DIR: join(folder, "other"), ...env });

test("a port in use by another process of Bun ends it before any work, and says what to do", async () => {
  const free = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  const port = String(free.port);
  await free.stop(true);
  const script =
    "console.log(Bun.serve({ port: process.argv[1], hostname: '127.0.0.1', development: false, fetch: () => new Response() }).port)";
  const other = startCommand(["-e", script, port]);
  try {
    await readUntil(other.stdout, port);
    const { stderr, exitCode } = await demo([], { PORT: port });
    expect(stderr).toBe(`error: port ${port} is taken: stop the process that listens there, or set PORT\n`);
    expect(exitCode).toBe(1);
  } finally {
    other.kill();
    await other.exited;
  }
});

test.each([["--fast"], ["everything"]])("%s is refused with a pointer to --help", async (argument) => {
  const { stderr, exitCode } = await demo([argument], { PORT: "0" });
  expect(stderr).toContain(argument);
  expect(stderr).toContain("(see --help)");
  expect(exitCode).toBe(2);
});

test("--help tells how long it takes and where the data is", async () => {
  const { stdout, exitCode } = await demo(["--help"], {});
  expect(stdout).toContain("half a minute");
  expect(stdout).toContain("DATA_DIR/demo");
  expect(exitCode).toBe(0);
});

test("Ctrl-C ends it at once, and the next start says that it continues", async () => {
  mkdirSync(join(folder, "interrupted/demo"), { recursive: true });
  const child = startCommand(["pipeline/demo.ts"], { DATA_DIR: join(folder, "interrupted"), PORT: "0" });
  let output = "";
  for await (const chunk of child.stderr) {
    output += new TextDecoder().decode(chunk);
    if (child.signalCode === null && output.includes("Ctrl-C")) child.kill("SIGINT");
  }
  expect(output).toStartWith("Continues an earlier start that was interrupted");
  expect(output).toContain("at most; later starts take a few seconds. Ctrl-C stops it.");
  expect(output).toContain("stopping: the next start continues here");
  expect(await child.exited).toBe(130);
}, 30_000);
