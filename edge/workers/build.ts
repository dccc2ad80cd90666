/** Builds the Worker. */
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadedLexicon } from "@potstats/search/words/lexicon";
import { packLexicon } from "@potstats/search/words/packed-lexicon";

const precompressed = /\.(?:br|gz|zst)$/;

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
    minify: { syntax: true, whitespace: true },
  });
  await writeFile(join(folder, "lexicon.txt"), packLexicon(loadedLexicon()));
  // Cloudflare compresses files itself.
  await cp(web, join(folder, "site"), { recursive: true, filter: (path) => !precompressed.test(path) });
}
