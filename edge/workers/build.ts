/** Builds the Worker. */
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadedLexicon } from "@potstats/search/words/lexicon";
import { packLexicon } from "@potstats/search/words/packed-lexicon";
import type { BunPlugin } from "bun";

const precompressed = /\.(?:br|gz|zst)$/;

/** Makes the driver's `import net from "net"` that of sockets.ts; `node:net` is workerd's own. */
const driversSockets: BunPlugin = {
  name: "the driver's sockets",
  setup(build) {
    const sockets = JSON.stringify(fileURLToPath(import.meta.resolve("./sockets.ts")));
    build.onResolve({ filter: /^(?:net|tls)$/ }, ({ path }) => ({ path, namespace: "sockets" }));
    build.onLoad({ filter: /./, namespace: "sockets" }, ({ path }) => ({
      contents: `export { ${path} as default } from ${sockets};`,
      loader: "js",
    }));
  },
};

/**
 * Writes the bundled Worker, the lexicon and the web application's files.
 * @param folder is replaced
 * @param web the built web application
 * @throws Error if the code cannot be bundled
 */
export async function buildWorker(folder: string, web: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  // Not the driver's own version for Workers: this one has our patches, and node:net is there, too.
  await Bun.build({
    entrypoints: [join(import.meta.dirname, "../worker.ts")],
    outdir: folder,
    target: "node",
    external: ["*.txt"],
    plugins: [driversSockets],
    minify: { syntax: true, whitespace: true },
  });
  await writeFile(join(folder, "lexicon.txt"), packLexicon(loadedLexicon()));
  // Cloudflare compresses files itself.
  await cp(web, join(folder, "site"), { recursive: true, filter: (path) => !precompressed.test(path) });
}
