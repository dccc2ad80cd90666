/** The application's address: host, public URL, base path; and the timeout of idle connections. */
import { afterAll, beforeAll, expect, spyOn, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect as dial } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as zlib from "node:zlib";
import { createApp } from "../app.ts";
import { readAssets } from "../site/assets.ts";
import { listen, serveApp, type ServeSettings } from "../serve.ts";
import { serveSettings } from "../testing/settings.ts";
import { appOptions, origin, testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
let folder: string;
beforeAll(async () => {
  [server, folder] = await Promise.all([testServer(), mkdtemp(join(tmpdir(), "potstats-address-"))]);
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

const settings = (more: Partial<ServeSettings> = {}) =>
  serveSettings({ DATA_DIR: folder, DATABASE_URL: server.database.url, ...more });

const page = (head: string) =>
  `<!doctype html><html><head>${head}<title>pOTstats</title></head>${" ".repeat(400)}</html>`;

/** The assets of an application with this page. */
async function assetsWith(html: string, basePath: string) {
  const dist = await mkdtemp(join(folder, "dist-"));
  await mkdir(join(dist, "assets"));
  await writeFile(join(dist, "index.html"), html);
  await writeFile(join(dist, "index.html.br"), zlib.brotliCompressSync(html));
  await writeFile(join(dist, "index.html.gz"), zlib.gzipSync(html));
  await writeFile(join(dist, "assets/index-1JfozzYP.js"), "1");
  return readAssets(dist, basePath);
}

/** An app with the base path /stats. */
async function below() {
  const assets = await assetsWith(
    page('<base href="/" /><script src="./assets/index-1JfozzYP.js"></script>'),
    "/stats",
  );
  const app = createApp(
    appOptions(server.database, { assets, basePath: "/stats", publicUrl: "https://stats.example/stats" }),
  );
  return async (path: string, headers: Record<string, string> = {}) =>
    app.fetch(new Request(origin + path, { headers }));
}

test("with a base path, every path works with and without it, because proxies may strip it", async () => {
  const ask = await below();
  for (const prefix of ["/stats", ""]) {
    for (const path of [
      "/",
      "/users/3",
      "/assets/index-1JfozzYP.js",
      "/healthz",
      "/readyz",
      "/robots.txt",
      "/api/",
      "/api/docs",
      "/api/boards",
    ])
      expect([prefix + path, (await ask(prefix + path)).status]).toEqual([prefix + path, 200]);
    expect((await ask(`${prefix}/api/nothing`)).status).toBe(404);
    expect((await ask(`${prefix}/users/3`)).headers.get("X-Robots-Tag")).toBe("noindex");
    expect((await ask(`${prefix}/userstats;year=2012`)).headers.get("Location")).toBe("/stats/users?year=2012");
    const { next } = await (await ask(`${prefix}/api/poster-stats?limit=1`)).json();
    expect(next).toStartWith("/stats/api/poster-stats?order=desc");
    expect((await (await ask(next)).json()).rows).toHaveLength(1);
    expect(await (await ask(`${prefix}/robots.txt`)).text()).toContain("Disallow: /stats/users\n");
    const docs = await (await ask(`${prefix}/api/docs`)).text();
    const addresses = [...docs.matchAll(/href="(\/[^"]*)"/g)].map(([, address]) => address!);
    expect(addresses).toContain("/stats/api/openapi.json");
    expect(addresses.filter((address) => !address.startsWith("/stats/"))).toEqual([]);
    expect((await (await ask(`${prefix}/api/openapi.json`)).json()).servers).toEqual([{ url: "/stats" }]);
  }
  expect((await ask("/stats")).status).toBe(200);
  expect((await ask("/statsx")).status).toBe(404);
});

test("the page contains its base path, in every coding", async () => {
  const ask = await below();
  const decoders = { br: zlib.brotliDecompressSync, gzip: zlib.gunzipSync, identity: (bytes: Uint8Array) => bytes };
  const tags = new Set<string | null>();
  for (const [coding, decode] of Object.entries(decoders)) {
    const response = await ask("/stats/users/3", { "Accept-Encoding": coding });
    tags.add(response.headers.get("ETag"));
    const html = new TextDecoder().decode(decode(new Uint8Array(await response.arrayBuffer())));
    expect(html).toContain('<head><base href="/stats/" /><script src="./assets/');
    expect(response.headers.get("Content-Security-Policy")).toContain("base-uri 'self'");
  }
  expect(tags.size).toBe(3);
  const built = page('<base href="/" />');
  expect((await assetsWith(built, "")).get("/index.html")!.codings.identity).toEqual(new TextEncoder().encode(built));
});

test("/api/ builds URLs from PUBLIC_URL, never from the client's headers", async () => {
  for (const [more, expected] of [
    [{ PUBLIC_URL: "https://stats.example" }, "https://stats.example/api/boards"],
    [{ PUBLIC_URL: "https://stats.example", BASE_PATH: "/stats" }, "https://stats.example/stats/api/boards"],
    [{ PUBLIC_URL: "https://stats.example/stats", BASE_PATH: "/stats" }, "https://stats.example/stats/api/boards"],
    [{ PUBLIC_URL: "http://stats", BASE_PATH: "/stats" }, "http://stats/stats/api/boards"],
    [{ TRUST_PROXY: 1, BASE_PATH: "/stats" }, undefined],
    [{}, undefined],
  ] as const) {
    const served = await serveApp(settings(more));
    try {
      const headers = {
        Host: "evil.example",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        Forwarded: "host=evil.example",
      };
      const text = await (await fetch(`${served.url}/api/`, { headers })).text();
      expect(JSON.parse(text).apis).toContain(expected ?? `${served.url}/api/boards`);
      expect(text).not.toContain("evil");
    } finally {
      await served.stop();
    }
  }
});

test("the addresses of forum and profiles are published without user and password", async () => {
  const served = await serveApp(
    settings({ FORUM_URL: "https://leser:geheim@forum.example/pfad", PROFILES_URL: "http://geheim@profile.example" }),
  );
  try {
    const status = await (await fetch(`${served.url}/api/status`)).json();
    expect(status).toMatchObject({
      forum_url: "https://forum.example/pfad",
      profiles_url: "http://profile.example",
    });
    const feed = await (await fetch(`${served.url}/api/feeds/milestones`)).text();
    expect(feed).toContain("https://forum.example/pfad/bb/thread.php");
    expect(feed).not.toContain("geheim");
  } finally {
    await served.stop();
  }
});

test("an IPv6 host is in brackets", async () => {
  for (const [host, shown] of [
    ["::", "[::]"],
    ["::1", "[::1]"],
  ] as const) {
    const served = await serveApp(settings({ HOST: host }));
    try {
      expect(served.url).toMatch(/^http:\/\/\[::1?\]:\d+$/);
      expect(new URL(served.url).hostname).toBe(shown);
      expect((await fetch(`http://[::1]:${new URL(served.url).port}/healthz`)).status).toBe(200);
    } finally {
      await served.stop();
    }
  }
});

test("two Host headers are rejected", async () => {
  const served = await serveApp(settings());
  const response = await new Promise<string>((resolve) => {
    let text = "";
    const socket = dial(Number(new URL(served.url).port), "127.0.0.1", () =>
      socket.write("GET /api/ HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\nConnection: close\r\n\r\n"),
    );
    socket.on("data", (chunk) => (text += chunk)).on("close", () => resolve(text));
  });
  await served.stop();
  expect(response).toStartWith("HTTP/1.1 400 ");
  expect(response).toContain('{"error":"there must be one Host header"}');
});

test("IDLE_TIMEOUT is passed to Bun", async () => {
  const serve = spyOn(Bun, "serve");
  const idleTimeoutWith = (more: { IDLE_TIMEOUT?: number }) => {
    void listen({ HOST: "127.0.0.1", PORT: 0, ...more }, () => new Response("")).stop(true);
    return (serve.mock.lastCall![0] as { idleTimeout: number }).idleTimeout;
  };
  expect([idleTimeoutWith({}), idleTimeoutWith({ IDLE_TIMEOUT: 255 })]).toEqual([75, 255]);
  serve.mockRestore();
});
