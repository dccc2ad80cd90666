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
  test("every page is index.html; unknown paths are too, with status 404", () => {
    for (const path of ["/", "/users", "/users/", "/users/4711", "/compare?uid=1&uid=2", "/privacy"]) {
      const reply = get(path);
      expect([path, reply.status, textOf(reply)]).toEqual([path, 200, page]);
      expect(reply.headers["Cache-Control"]).toBe("no-cache");
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
      const reply = get(path);
      expect([path, reply.status, textOf(reply)]).toEqual([path, 404, page]);
    }
  });

  test("hashed files are cached for ever, others for an hour, with an ETag per coding", () => {
    const path = "/assets/index-1JfozzYP.js";
    const decoders = { br: zlib.brotliDecompressSync, gzip: zlib.gunzipSync };
    const tags = new Set<string | undefined>();
    for (const coding of ["br", "gzip", "zstd"] as const) {
      const reply = get(path, { "Accept-Encoding": coding });
      expect(reply.status).toBe(200);
      expect(reply.headers).toMatchObject({
        "Content-Type": "text/javascript; charset=utf-8",
        "Cache-Control": "public, max-age=31536000, immutable",
        Vary: "Accept-Encoding",
      });
      // There is no zstd file: the client gets identity.
      expect(reply.headers["Content-Encoding"]).toBe(coding === "zstd" ? undefined! : coding);
      const bytes = reply.body as Uint8Array<ArrayBuffer>;
      expect(new TextDecoder().decode(coding === "zstd" ? bytes : decoders[coding](bytes))).toBe(script);
      tags.add(reply.headers["ETag"]);
      const again = get(path, { "Accept-Encoding": coding, "If-None-Match": reply.headers["ETag"]! });
      expect([again.status, again.body]).toEqual([304, null]);
    }
    expect(tags.size).toBe(3);
    expect(get("/favicon.svg").headers["Cache-Control"]).toBe("public, max-age=3600");
  });

  test("an application that is not built says how to build it", () => {
    const reply = createStatic(new Map())(new Request("http://stats.example/"), { path: "/", search: "" });
    expect(reply.status).toBe(503);
    expect(textOf(reply)).toContain("bun run web:build");
  });

  test("a missing folder has no files", async () => {
    expect((await readAssets(join(tmpdir(), "potstats-nowhere"))).size).toBe(0);
  });
});

test("potstats2's paths redirect to the present ones and keep the selection", () => {
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
    const reply = get(path!);
    expect([path, reply.status, reply.headers["Location"]]).toEqual([path, 301, location!]);
  }
  for (const path of ["//x.example;a=b", "/x.example;a=b", "/;//x.example=1", "/%0d%0aX: y;a=b"]) {
    const { status, headers } = get(path);
    expect([path, status === 404 || headers["Location"]?.startsWith("/?") || headers["Location"] === "/"]).toEqual([
      path,
      true,
    ]);
  }
});
