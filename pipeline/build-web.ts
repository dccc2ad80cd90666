/** Builds the web application when its build is missing or older than its sources. */
import { Glob } from "bun";
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { exclusively } from "@potstats/db/embedded/services";

const web = resolve(import.meta.dirname, "../web");

/** The last modification of the files, in milliseconds since the epoch; 0 without files. */
async function newest(pattern: string): Promise<number> {
  let latest = 0;
  for await (const path of new Glob(pattern).scan({ cwd: web })) {
    if (/node_modules|^export\/dist\//.test(path)) continue;
    latest = Math.max(latest, (await stat(join(web, path))).mtimeMs);
  }
  return latest;
}

/**
 * Other processes that want it built wait meanwhile.
 * @returns whether it had to be built
 * @throws Error with Vite's output when the build fails
 */
export const buildWeb = (signal?: AbortSignal): Promise<boolean> =>
  exclusively(join(web, "node_modules/.cache/build"), () => buildIfChanged(signal));

/**
 * Builds the application of an export when its build is missing or older than its sources.
 * @returns the folder of the build
 * @throws Error with Vite's output when the build fails
 */
export async function buildExportApp(signal?: AbortSignal): Promise<string> {
  const folder = join(web, "export/dist");
  await exclusively(join(web, "node_modules/.cache/build"), () =>
    buildIfChanged(signal, join(folder, "app.js"), "build:export"),
  );
  return folder;
}

async function buildIfChanged(
  signal?: AbortSignal,
  result = join(web, "dist/index.html"),
  script = "build",
): Promise<boolean> {
  const built = await stat(result).then(
    (file) => file.mtimeMs,
    () => 0,
  );
  const changed = Math.max(
    await newest("*.{ts,tsx,html,json}"),
    await newest("{pages,charts,components,document,export,i18n,public,shell,styles}/**/*"),
    await newest("../csv/*.ts"),
  );
  if (built > changed) return false;
  const vite = Bun.spawn([process.execPath, "run", script], {
    cwd: web,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    ...(signal ? { signal } : {}),
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(vite.stdout).text(),
    new Response(vite.stderr).text(),
    vite.exited,
  ]);
  signal?.throwIfAborted();
  if (exitCode !== 0) throw new Error(`the web application could not be built:\n${stdout}${stderr}`);
  return true;
}
