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

export default defineConfig({
  // Relative to <base>, as the application may be served below a path.
  base: "./",
  plugins: [solid(), firstPaint(), precompress()],
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // In the document (document/plugin.ts), so no page has to load its own.
    cssCodeSplit: false,
    // Every page is a file page.tsx, so its chunk is named after its folder.
    rolldownOptions: {
      output: {
        chunkFileNames: ({ facadeModuleId }) =>
          `assets/${/\/pages\/([\w-]+)\/page\.tsx$/.exec(facadeModuleId ?? "")?.[1] ?? "[name]"}-[hash].js`,
      },
    },
  },
  server: { proxy: { "^/api/": process.env["API_URL"] ?? "http://localhost:3000" } },
});
