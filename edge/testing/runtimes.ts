/** The four runtimes that serve the app, and servers on them. */
import { existsSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "@potstats/cli/testing/until";
import { freePort } from "@potstats/db/embedded/ports";
import { buildWeb } from "@potstats/pipeline/build-web";
import { Glob } from "bun";
import deno from "../../deno.json" with { type: "json" };
import { buildWorker } from "../workers/build.ts";

const edge = join(import.meta.dirname, "..");
const root = join(edge, "..");
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

/** The command of `deno task start`, with its permissions. Its paths are relative to the checkout. */
export const denoStart = { cmd: [binaries.deno ?? "deno", ...deno.tasks.start.split(" ").slice(1)], cwd: root };

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

/** Runs elsewhere than in the checkout, where there may be a file .env. Deno reads none. */
const elsewhere = tmpdir();

function commandOf(name: RuntimeName, folder: string, port: number): { cmd: string[]; cwd: string } {
  switch (name) {
    case "Bun":
      return { cmd: [process.execPath, join(root, "server/main.ts")], cwd: elsewhere };
    case "Node":
      return { cmd: [...nodeCommand, join(edge, "node.ts")], cwd: elsewhere };
    case "Deno":
      return denoStart;
    case "workerd": {
      const files = `--directory-path=files=${join(folder, "dist/site")}`;
      const address = `--socket-addr=http=127.0.0.1:${port}`;
      const cmd = [binaries.workerd ?? "", "serve", join(folder, "workerd.capnp"), files, address];
      return { cmd, cwd: elsewhere };
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

/** Starts the app on a runtime, with these settings only. @param folder the built Worker's; Deno's cache goes there */
export async function startServer(
  name: RuntimeName,
  { folder }: Pick<BuiltWorker, "folder">,
  settings: Record<string, string>,
): Promise<RunningServer> {
  const port = await freePort();
  const started_ms = performance.now();
  const child = Bun.spawn({
    ...commandOf(name, folder, port),
    env: { ...settings, PORT: String(port), DENO_DIR: join(folder, "deno"), NO_COLOR: "1" },
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
