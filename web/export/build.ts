/**
 * Builds the application for an export into a folder: one classic script, one style sheet and the icon. From disk, browsers
 * load neither modules nor anything by `fetch`.
 */
import { copyFileSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin } from "vite";
import solid from "vite-plugin-solid";

const root = join(import.meta.dirname, "..");
const styles = "virtual:styles";

/** The application's styles, in its order, and the export's own base.ts. */
const replacements = (): Plugin => ({
  name: "export-replacements",
  enforce: "pre",
  resolveId: (source) => {
    if (source === styles) return `\0${styles}.js`;
    return /^\.{1,2}\/(?:\.\.\/)*base\.ts$/.test(source) ? join(root, "export/base.ts") : null;
  },
  load: (id) => {
    if (id !== `\0${styles}.js`) return null;
    const imports = readFileSync(join(root, "main.tsx"), "utf8").matchAll(/^import "\.\/(styles\/[\w-]+\.css)";$/gm);
    return [...imports].map(([, path]) => `import ${JSON.stringify(join(root, path ?? ""))};`).join("\n");
  },
});

const workerAddress = 'new URL("layout-worker.ts", import.meta.url)';

/** A classic script has no `import.meta`. environment.ts has the worker's code. */
const withoutAddresses = (): Plugin => ({
  name: "export-workers",
  enforce: "pre",
  transform: (code, id) => {
    if (!id.endsWith("/network/layouts.ts")) return null;
    if (!code.includes(workerAddress)) throw new Error(`${id} does not start its worker as expected`);
    return code.replace(workerAddress, '""');
  },
});

/** @param folder is emptied */
async function buildExport(folder: string): Promise<void> {
  await build({
    configFile: false,
    root,
    base: "./",
    logLevel: "error",
    plugins: [replacements(), withoutAddresses(), solid()],
    worker: { format: "iife" },
    build: {
      target: "es2022",
      outDir: folder,
      emptyOutDir: true,
      copyPublicDir: false,
      assetsInlineLimit: 0,
      cssCodeSplit: false,
      modulePreload: false,
      rolldownOptions: {
        input: join(root, "export/main.tsx"),
        output: { format: "iife", codeSplitting: false, entryFileNames: "app.js", assetFileNames: "app[extname]" },
      },
    },
  });
  // The code of a worker, which is a part of the script as well.
  rmSync(join(folder, "assets"), { recursive: true, force: true });
  copyFileSync(join(root, "public/favicon.svg"), join(folder, "favicon.svg"));
}

if (import.meta.main) await buildExport(join(root, "export/dist"));
