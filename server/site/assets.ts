/** Reads the built web application into memory. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { type Coding, encode } from "../http/encoding.ts";
import type { Asset, Assets } from "./static.ts";

/** Files of other types are not served, so that nothing is published by accident. */
const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".txt": "text/plain; charset=utf-8",
  ".woff2": "font/woff2",
  ".webmanifest": "application/manifest+json",
};
const precompressed: [string, Coding][] = [
  [".br", "br"],
  [".zst", "zstd"],
  [".gz", "gzip"],
];

/**
 * Every file of the folder with its precompressed versions; empty if the application has not been built.
 * @param basePath public path of the application, inserted into its page
 */
export async function readAssets(folder: string, basePath = ""): Promise<Assets> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const files = new Set(names);
  const assets = new Map<string, Asset>();
  for (const name of names) {
    if (!isServed(name)) continue;
    const built = new Uint8Array(await readFile(join(folder, name)));
    const identity = name === "index.html" ? withBase(built, basePath) : built;
    const { codings, ...asset } = assetOf(name, identity);
    for (const [ending, coding] of precompressed) {
      if (!files.has(name + ending)) continue;
      const encoded =
        identity === built
          ? { coding, bytes: new Uint8Array(await readFile(join(folder, name + ending))) }
          : await encode(identity, coding);
      codings[encoded.coding] = encoded.bytes;
    }
    assets.set(`/${name.replaceAll("\\", "/")}`, { ...asset, codings });
  }
  return assets;
}

/** Whether files of this type are served. */
export const isServed = (name: string): boolean => extname(name) in types;

/** A file without precompressed versions. */
export const assetOf = (name: string, identity: Uint8Array<ArrayBuffer>): Asset => ({
  type: types[extname(name)] ?? "application/octet-stream",
  etag: createHash("sha256").update(identity).digest("hex").slice(0, 24),
  codings: { identity },
});

/** Sets the page's `<base>`, which its URLs are relative to. */
export function withBase(built: Uint8Array<ArrayBuffer>, basePath: string): Uint8Array<ArrayBuffer> {
  if (basePath === "") return built;
  const html = new TextDecoder().decode(built);
  return new TextEncoder().encode(html.replace(/<base\b[^>]*>/, `<base href="${basePath}/" />`));
}
