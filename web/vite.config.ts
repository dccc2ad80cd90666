import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";
import solid from "vite-plugin-solid";
import { firstPaint } from "./document/plugin.ts";

const compressors: Record<string, (bytes: Buffer) => Promise<Buffer>> = {
  ".br": (bytes) => promisify(zlib.brotliCompress)(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11 } }),
  ".gz": (bytes) => promisify(zlib.gzip)(bytes, { level: 9 }),
  ...("zstdCompress" in zlib ? { ".zst": (bytes: Buffer) => promisify(zlib.zstdCompress)(bytes) } : {}),
};

/** Compresses every text file of the build with each algorithm, so that servers need not. */
const precompress = (): Plugin => ({
  name: "precompress",
  apply: "build",
  closeBundle: {
    sequential: true,
    handler: async () => {
      const folder = join(import.meta.dirname, "dist");
      for (const name of await readdir(folder, { recursive: true })) {
        if (!/\.(html|js|css|svg|json)$/.test(name)) continue;
        const bytes = await readFile(join(folder, name));
        for (const [ending, compress] of Object.entries(compressors)) {
          await writeFile(join(folder, name + ending), await compress(bytes));
        }
      }
    },
  },
});

/** Files of all packages but Solid's own. */
const isOnDemand = /\/node_modules\/(?!.*@solidjs\/)/;

/**
 * Gives the packages that are loaded on demand their own copy of Solid's functions for the DOM. They spread properties
 * over elements whose names are values, which takes long lists of names of elements and properties. In a shared copy,
 * every page would load these: so the application itself names each property of an element. State is shared as before:
 * it is in `solid-js` and at the document.
 */
const separateDomFunctions = (): Plugin => ({
  name: "separate-dom-functions",
  apply: "build",
  enforce: "pre",
  resolveId: async function (source, importer) {
    if (source !== "solid-js/web" || !importer || !isOnDemand.test(importer)) return null;
    const resolved = await this.resolve(source, importer, { skipSelf: true });
    return resolved && `${resolved.id}?on-demand`;
  },
});

/**
 * Small modules that the first page and many others need. They are one chunk, as each chunk costs a request and some 150
 * bytes. The entry's chunk imports none of them.
 */
const smallModules =
  /\/web\/(?:components\/(?:card|post-link|recap-link|scope|share|spans|thread-link|user-link)\.tsx?|charts\/(?:shades|touch|width)\.ts|(?:day-link|recap-path|today|years-ago)\.ts)$/;

export default defineConfig({
  // Relative to <base>, as the application may be served below a path.
  base: "./",
  plugins: [separateDomFunctions(), solid(), firstPaint(), precompress()],
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // In the document (document/plugin.ts), so no page has to load its own.
    cssCodeSplit: false,
    // Every page is a file page.tsx, so its chunk is named after its folder.
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: "small", test: smallModules, includeDependenciesRecursively: false }] },
        chunkFileNames: ({ facadeModuleId }) =>
          `assets/${/\/pages\/([\w-]+)\/page\.tsx$/.exec(facadeModuleId ?? "")?.[1] ?? "[name]"}-[hash].js`,
      },
    },
  },
  server: { proxy: { "^/api/": process.env["API_URL"] ?? "http://localhost:3000" } },
});
