/** The four runtimes that serve the app, and servers on them. */
import { existsSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "@potstats/cli/testing/until";
import { freePort } from "@potstats/db/embedded/ports";
import { buildWeb } from "@potstats/pipeline/build-web";
import { Glob } from "bun";
import { buildWorker } from "../workers/build.ts";

const edge = join(import.meta.dirname, "..");
const installed = join(edge, "runtimes/node_modules");

/** A binary of this platform's package. */
const find = (pattern: string): string | undefined =>
  existsSync(installed) ? [...new Glob(pattern).scanSync({ cwd: installed, absolute: true })][0] : undefined;

/** The system's Node, if it runs TypeScript: there is no package of Node for every platform. */
function systemNode(): string | undefined {
  const path = Bun.which("node");
  const version = path === null ? "" : Bun.spawnSync([path, "--version"]).stdout.toString();
  const [, major = 0, minor = 0] = /^v(\d+)\.(\d+)/.exec(version)?.map(Number) ?? [];
  return path !== null && (major > 22 || (major === 22 && minor >= 18)) ? path : undefined;
}

const binaries = {
  node: find("node-*/bin/node") ?? systemNode(),
  deno: find("@deno/*/deno"),
  workerd: find("@cloudflare/workerd-*/bin/workerd"),
};

/** Whether all of them are installed: `bun install --cwd edge/runtimes`. */
export const hasRuntimes = Object.values(binaries).every((path) => path !== undefined);

/** A command that runs TypeScript with Node. */
export const nodeCommand = [binaries.node ?? "node"];

/** A command with Cloudflare's tool for Workers, which Node runs. */
export const wranglerCommand = [binaries.node ?? "node", join(installed, "wrangler/bin/wrangler.js")];

export const runtimeNames = ["Bun", "Node", "Deno", "workerd"] as const;
export type RuntimeName = (typeof runtimeNames)[number];

/** The Worker, and workerd's configuration for it. */
export interface BuiltWorker {
  folder: string;
  remove(): Promise<void>;
}

export async function buildForTest(): Promise<BuiltWorker> {
  await buildWeb();
  const folder = await mkdtemp(join(tmpdir(), "potstats-worker-"));
  await buildWorker(join(folder, "dist"), join(edge, "../web/dist"));
  for (const file of ["workerd.capnp", "wrangler.toml"]) await cp(join(edge, file), join(folder, file));
  return { folder, remove: () => rm(folder, { recursive: true }) };
}

function commandOf(name: RuntimeName, worker: BuiltWorker, port: number): string[] {
  switch (name) {
    case "Bun":
      return [process.execPath, join(edge, "../server/main.ts")];
    case "Node":
      return [binaries.node ?? "", join(edge, "node.ts")];
    case "Deno":
      return [binaries.deno ?? "", "run", "--allow-all", join(edge, "deno.ts")];
    case "workerd": {
      const files = `--directory-path=files=${join(worker.folder, "dist/site")}`;
      const address = `--socket-addr=http=127.0.0.1:${port}`;
      return [binaries.workerd ?? "", "serve", join(worker.folder, "workerd.capnp"), files, address];
    }
  }
}

/** Four servers start at once, on a machine that may be busy. */
const startTimeout_s = 120;

/** Makes workerd trust the tests' own certificates. */
export async function trustTestCertificates({ folder }: BuiltWorker): Promise<void> {
  const file = join(folder, "workerd.capnp");
  const configuration = await Bun.file(file).text();
  await cp(join(import.meta.dirname, "certificates/authority.pem"), join(folder, "authority.pem"));
  const trusted = 'trustBrowserCas = true, trustedCertificates = [embed "authority.pem"]';
  await Bun.write(file, configuration.replace("trustBrowserCas = true", trusted));
}

export interface RunningServer {
  name: RuntimeName;
  port: number;
  /** Milliseconds until the first response. */
  start_ms: number;
  /** Lines that are no log of a request. */
  complaints(): string[];
  stop(): Promise<void>;
}

/** Starts the app on a runtime, with these settings only. */
export async function startServer(
  name: RuntimeName,
  worker: BuiltWorker,
  settings: Record<string, string>,
): Promise<RunningServer> {
  const port = await freePort();
  const started_ms = performance.now();
  const child = Bun.spawn(commandOf(name, worker, port), {
    cwd: tmpdir(),
    env: { ...settings, PORT: String(port), DENO_DIR: join(worker.folder, "deno"), NO_COLOR: "1" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  let output = "";
  const read = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    for await (const bytes of stream) output += decoder.decode(bytes, { stream: true });
  };
  const reading = Promise.all([read(child.stdout), read(child.stderr)]);
  let isStopping = false;
  const ending = child.exited.then(async () => {
    await reading;
    // The tests that follow fail because of it, and do not say why.
    if (!isStopping) console.error(`${name} ended (${child.exitCode ?? child.signalCode}): ${output.slice(-3000)}`);
  });
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`${name} ended: ${output}`);
    return (await fetch(`http://127.0.0.1:${port}/healthz`)).status === 200;
  }, startTimeout_s);
  return {
    name,
    port,
    start_ms: performance.now() - started_ms,
    complaints: () =>
      output.split("\n").filter((line) => line !== "" && !/^\{.*"level":"info"|^serving at /.test(line)),
    stop: async () => {
      isStopping = true;
      child.kill();
      await ending;
    },
  };
}
