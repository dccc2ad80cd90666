/** Serves the built web application from memory. */
import { best, type Coding } from "../http/encoding.ts";
import { matches, type PlainResponse, textResponse } from "../http/response.ts";
import type { Target } from "../http/target.ts";
import list from "./pages.json" with { type: "json" };

export interface Asset {
  type: string;
  etag: string;
  /** The bytes in each coding that the build produced; always includes identity. */
  codings: Partial<Record<Coding, Uint8Array<ArrayBuffer>>> & { identity: Uint8Array<ArrayBuffer> };
}

/** Path below the root, with a leading slash → asset. */
export type Assets = ReadonlyMap<string, Asset>;

/** Paths of the application's pages; all others are 404. */
const pages = new RegExp(list.pattern);

/** Whether the path is that of a page. */
export const isPage = (path: string): boolean => pages.test(path);

/** potstats2's paths → the current ones. */
const formerPaths: Record<string, string> = {
  "/userstats": "/users",
  "/year-to-year-stats": "/years",
  "/weekday-stats": "/weekdays",
  "/daily-stats": "/days",
  "/board-stats": "/boards",
  "/poster-dev-stats": "/users",
};

/** `/userstats;year=2012;bid=null` → `/users?year=2012`; undefined for a path that potstats2 did not have. */
function formerPage(path: string): string | undefined {
  // More parameters than potstats2 ever had; a URL could hold thousands.
  const [name = "", ...parameters] = path.split(";", 20);
  const page = formerPaths[name.replace(/\/$/, "")] ?? (parameters.length > 0 && pages.test(name) ? name : undefined);
  if (page === undefined) return undefined;
  const selection = new URLSearchParams();
  for (const parameter of parameters) {
    const [key = "", value = ""] = parameter.split("=");
    if (value === "" || value === "null" || !/^[a-z_]{1,20}$/.test(key)) continue;
    selection.set(key, unescaped(value).slice(0, 100));
  }
  const uid = selection.get("uid");
  if (page === "/users" && name.startsWith("/poster-dev-stats") && uid && /^\d+$/.test(uid)) {
    selection.delete("uid");
    return `/users/${uid}${selection.size > 0 ? `?${selection}` : ""}`;
  }
  return page + (selection.size > 0 ? `?${selection}` : "");
}

const hashed = /-[\w-]{8,}\.\w+$/;

/** Serves every path outside of `/api`. */
export function createStatic(assets: Assets, basePath = ""): (request: Request, target: Target) => PlainResponse {
  return (request, { path }) => {
    const former = formerPage(path);
    if (former !== undefined) return { status: 301, headers: { Location: basePath + former }, body: null };
    const asset = assets.get(path);
    if (asset && path !== "/index.html") {
      const isHashed = hashed.test(path);
      return sendAsset(request, asset, 200, isHashed ? "public, max-age=31536000, immutable" : "public, max-age=3600");
    }
    const index = assets.get("/index.html");
    if (!index) {
      const message = "The web application is not built yet: run `bun run web:build`.\n";
      return { ...textResponse(message, { "Cache-Control": "no-store" }), status: 503 };
    }
    return sendAsset(request, index, pages.test(path) ? 200 : 404, "no-cache");
  };
}

/** Decodes a matrix parameter's value. This comes last, so that no `;` or `=` in it is mistaken for a separator. */
function unescaped(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function sendAsset(request: Request, asset: Asset, status: number, cacheControl: string): PlainResponse {
  const coding = best(request.headers.get("Accept-Encoding") ?? "", Object.keys(asset.codings) as Coding[]);
  const etag = `"${asset.etag}-${coding}"`;
  const headers = {
    "Content-Type": asset.type,
    "Cache-Control": cacheControl,
    Vary: "Accept-Encoding",
    ETag: etag,
    ...(coding === "identity" ? {} : { "Content-Encoding": coding }),
  };
  if (status === 200 && matches(request.headers.get("If-None-Match"), etag))
    return { status: 304, headers, body: null };
  return { status, headers, body: asset.codings[coding] ?? asset.codings.identity };
}
