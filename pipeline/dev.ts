/**
 * `bun run dev`: everything for development. A simulated forum is crawled, analyzed and indexed into a separate database, the
 * API is served, and Vite serves the dashboard. Each process restarts when its code changes.
 */
import { join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { CommandError, interruptible, run } from "@potstats/cli/command";
import { readSettings } from "@potstats/cli/settings";
import { freePort } from "@potstats/db/embedded/ports";
import { openDatabase } from "@potstats/db/open";
import { openMeilisearch } from "@potstats/search/embedded";
import { ConstantBackoff, handleAll, retry } from "cockatiel";

const root = join(import.meta.dirname, "..");

const program = new Command("bun run dev")
  .description(
    "Runs simulator, crawl, API and dashboard for development; each restarts when its code changes. Ctrl-C stops everything.",
  )
  .addHelpText(
    "after",
    `
PORT (of the API, default 3000) and DATA_DIR are used if set. The data is in DATA_DIR/dev and can be deleted at any time.

Examples:
  bun run dev
  PORT=8080 bun run dev`,
  )
  .action(async () => {
    const { PORT, DATA_DIR } = readSettings(process.env, ["PORT", "DATA_DIR"]);
    const { signal, release } = interruptible(undefined, stopping_ms);
    try {
      await develop(PORT, join(DATA_DIR, "dev"), signal);
    } finally {
      release();
    }
  });

/** Time to stop all processes and services after Ctrl-C. */
const stopping_ms = 20_000;

async function develop(port: number, dataDir: string, signal: AbortSignal): Promise<void> {
  await using cleanup = new AsyncDisposableStack();
  const say = (message: string) => console.error(message);
  const ports = {
    simulator: await preferredPort(4000),
    api: await preferredPort(port),
    dashboard: await preferredPort(5173),
  };
  const forum = `http://127.0.0.1:${ports.simulator}`;
  const api = `http://127.0.0.1:${ports.api}`;
  const dashboard = `http://127.0.0.1:${ports.dashboard}`;
  // Services belong to this process, so that they survive restarts of the others.
  const database = await openDatabase({ DATABASE_URL: undefined, DATA_DIR: dataDir }, { say });
  cleanup.defer(() => database.close());
  const meili = await openMeilisearch({ MEILI_URL: undefined, MEILI_MASTER_KEY: undefined, DATA_DIR: dataDir, say });
  cleanup.defer(() => meili?.close());
  signal.throwIfAborted();
  const environment = {
    ...process.env,
    DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    DATABASE_REPLICA_URL: "",
    MEILI_URL: meili?.url ?? "",
    MEILI_MASTER_KEY: meili?.key ?? "",
    REDIS_URL: "",
    POTSTATS2_REDIS_URL: "",
    UPSTASH_REDIS_REST_URL: "",
    UPSTASH_REDIS_REST_TOKEN: "",
    FORUM_URL: forum,
    PROFILES_URL: forum,
    REQUEST_DELAY: "0",
    HOST: "127.0.0.1",
    PORT: String(ports.api),
    API_URL: api,
  };
  const start = (name: string, folder: string, ...command: string[]) => {
    const child = startProcess(name, join(root, folder), command, environment);
    cleanup.defer(() => stopProcess(child));
    return child;
  };
  const watch = ["--watch", "--no-clear-screen"];
  start("simulator", ".", ...watch, "simulator/main.ts", "--port", String(ports.simulator));
  await reachable(`${forum}/bb/xml/boards.php`, signal);
  // Exits when done; --watch runs it again when the code of crawler, analytics or search changes.
  start("update", ".", ...watch, "pipeline/update.ts", "--board", "all", "--profiles");
  start("api", ".", ...watch, "server/main.ts");
  const vite = start("dashboard", "web", "node_modules/vite/bin/vite.js", ...hostAndPort(ports.dashboard));
  await Promise.all([reachable(`${api}/healthz`, signal), reachable(dashboard, signal)]);
  console.log(`
dashboard   ${dashboard}   changes to web/ appear at once
api         ${api}/api/docs   restarts on changes to server/, search/ and db/
simulator   ${forum}/bb/xml/boards.php   restarts on changes to simulator/
update      crawls, analyzes and indexes once, and again on changes to crawler/, analytics/ and search/
data        ${dataDir}

Ctrl-C stops everything.
`);
  await Promise.race([aborted(signal), vite.exited]);
  if (!signal.aborted) throw new CommandError("Vite has stopped; see its output above");
}

const hostAndPort = (port: number) => ["--host", "127.0.0.1", "--port", String(port), "--strictPort"];

const preferredPort = (port: number) => freePort(port).catch(() => freePort());

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

/** Starts a Bun process and prints its output line by line, each with the name in front. */
function startProcess(name: string, cwd: string, command: string[], env: Record<string, string | undefined>) {
  const child = Bun.spawn([process.execPath, ...command], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) void relay(name, stream);
  return child;
}

async function relay(name: string, stream: ReadableStream<Uint8Array>): Promise<void> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") console.log(`${name.padEnd(9)} | ${line}`);
  }
}

/** Milliseconds between SIGTERM and SIGKILL. */
const killDelay_ms = 5000;

async function stopProcess(child: Bun.Subprocess): Promise<void> {
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), killDelay_ms);
  await child.exited;
  clearTimeout(timer);
}

/** Waits until a server responds at the URL. @throws AbortError when interrupted, the last error after a minute */
async function reachable(url: string, signal: AbortSignal): Promise<void> {
  const policy = retry(handleAll, { maxAttempts: 300, backoff: new ConstantBackoff(200) });
  await policy.execute(async () => {
    if (!signal.aborted) await (await fetch(url, { signal })).arrayBuffer();
  }, signal);
  signal.throwIfAborted();
}

await run(program);
