import { describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as zlib from "node:zlib";
import { readAssets } from "./assets.ts";
import { createStatic } from "./static.ts";
import { targetOf } from "../http/target.ts";

const page = "<!doctype html><title>pOTstats</title>";
const script = `console.log("${"x".repeat(400)}")`;

async function builtAssets() {
  const folder = await mkdtemp(join(tmpdir(), "potstats-static-"));
  try {
    await mkdir(join(folder, "assets"));
    await writeFile(join(folder, "index.html"), page);
    await writeFile(join(folder, "favicon.svg"), "<svg/>");
    await writeFile(join(folder, "assets/index-1JfozzYP.js"), script);
    await writeFile(join(folder, "assets/index-1JfozzYP.js.br"), zlib.brotliCompressSync(script));
    await writeFile(join(folder, "assets/index-1JfozzYP.js.gz"), zlib.gzipSync(script));
    await writeFile(join(folder, "secret.env"), "no");
    return await readAssets(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const assets = await builtAssets();
const serve = createStatic(assets);
function get(address: string, headers: Record<string, string> = {}) {
  return serve(new Request(`http://stats.example${address}`, { headers }), targetOf(address));
}
const textOf = ({ body }: ReturnType<typeof get>) =>
  body === null || typeof body === "string" ? body : new TextDecoder().decode(body);

describe("the application", () => {
  test("every page is index.html, and so is an unknown path, with status 404", () => {
    for (const path of ["/", "/users", "/users/", "/users/4711", "/compare?uid=1&uid=2", "/privacy"]) {
      const response = get(path);
      expect([path, response.status, textOf(response)]).toEqual([path, 200, page]);
      expect(response.headers["Cache-Control"]).toBe("no-cache");
    }
    for (const path of [
      "/nothing",
      "/users/karl",
      "/index.html",
      "/assets/gone-12345678.js",
      "/secret.env",
      "/%FF",
      "/%2e%2e/secret.env",
      "/__proto__",
      "//x.example",
    ]) {
      const response = get(path);
      expect([path, response.status, textOf(response)]).toEqual([path, 404, page]);
    }
  });

  test("hashed files are cached indefinitely, others for an hour, with an ETag per coding", () => {
    const path = "/assets/index-1JfozzYP.js";
    const decoders = { br: zlib.brotliDecompressSync, gzip: zlib.gunzipSync };
    const tags = new Set<string | undefined>();
    for (const coding of ["br", "gzip", "zstd"] as const) {
      const response = get(path, { "Accept-Encoding": coding });
      expect(response.status).toBe(200);
      expect(response.headers).toMatchObject({
        "Content-Type": "text/javascript; charset=utf-8",
        "Cache-Control": "public, max-age=31536000, immutable",
        Vary: "Accept-Encoding",
      });
      // There is no zstd file: the client gets identity.
      expect(response.headers["Content-Encoding"]).toBe(coding === "zstd" ? undefined! : coding);
      const bytes = response.body as Uint8Array<ArrayBuffer>;
      expect(new TextDecoder().decode(coding === "zstd" ? bytes : decoders[coding](bytes))).toBe(script);
      tags.add(response.headers["ETag"]);
      const revalidated = get(path, { "Accept-Encoding": coding, "If-None-Match": response.headers["ETag"]! });
      expect([revalidated.status, revalidated.body]).toEqual([304, null]);
    }
    expect(tags.size).toBe(3);
    expect(get("/favicon.svg").headers["Cache-Control"]).toBe("public, max-age=3600");
  });

  test("an application that is not built says how to build it", () => {
    const response = createStatic(new Map())(new Request("http://stats.example/"), { path: "/", search: "" });
    expect(response.status).toBe(503);
    expect(textOf(response)).toContain("bun run web:build");
  });

  test("a missing folder has no files", async () => {
    expect((await readAssets(join(tmpdir(), "potstats-nowhere"))).size).toBe(0);
  });
});

test("potstats2's paths redirect to the current ones and keep the selection", () => {
  for (const [path, location] of [
    ["/userstats", "/users"],
    ["/userstats;year=2012;bid=14", "/users?year=2012&bid=14"],
    ["/userstats;year=null;bid=null", "/users"],
    ["/year-to-year-stats;bid=14", "/years?bid=14"],
    ["/weekday-stats/", "/weekdays"],
    ["/daily-stats;year=2012;statistic=edit_count", "/days?year=2012&statistic=edit_count"],
    ["/board-stats", "/boards"],
    ["/poster-dev-stats;uid=4711;bid=14", "/users/4711?bid=14"],
    ["/poster-dev-stats", "/users"],
    ["/search;x=y", "/search?x=y"],
  ]) {
    const response = get(path!);
    expect([path, response.status, response.headers["Location"]]).toEqual([path, 301, location!]);
  }
  for (const path of ["//x.example;a=b", "/x.example;a=b", "/;//x.example=1", "/%0d%0aX: y;a=b"]) {
    const { status, headers } = get(path);
    expect([path, status === 404 || headers["Location"]?.startsWith("/?") || headers["Location"] === "/"]).toEqual([
      path,
      true,
    ]);
  }
});
