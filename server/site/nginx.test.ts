/** The sample configuration, tested with nginx itself. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp } from "../app.ts";
import { listen } from "../serve.ts";
import { appOptions, testServer, type TestServer } from "../testing/server.ts";

const nginx = Bun.which("nginx");
const page = '<!doctype html><base href="/" /><title>pOTstats</title>';

let server: TestServer;
let folder: string;
/** One site at the root of a host, one below a path. */
let sites: Record<"" | "/stats", Site>;
beforeAll(async () => {
  server = await testServer();
  folder = await mkdtemp(join(tmpdir(), "potstats-nginx-"));
  // nginx runs as another user.
  await chmod(folder, 0o755);
  await mkdir(join(folder, "assets"));
  await writeFile(join(folder, "index.html"), page);
  await writeFile(join(folder, "assets/index-1JfozzYP.js"), "1");
  for (const name of [".env", "nginx.conf"]) await writeFile(join(folder, name), "geheim");
  if (nginx) sites = { "": await openSite(nginx, ""), "/stats": await openSite(nginx, "/stats") };
});
afterAll(async () => {
  for (const site of Object.values(sites ?? {})) await site.stop();
  await server.stop();
  await rm(folder, { recursive: true });
});

interface Site {
  url: string;
  stop(): Promise<void>;
}

/** Our server behind nginx with our configuration, without brotli, which is a separate package in Debian. */
async function openSite(program: string, basePath: string): Promise<Site> {
  const app = createApp(appOptions(server.database, { trustProxy: 1, searchRate: 1, basePath }));
  const behind = listen({ HOST: "127.0.0.1", PORT: 0 }, app.fetch);
  const free = listen({ HOST: "127.0.0.1", PORT: 0 }, app.fetch);
  const url = `http://127.0.0.1:${free.port}`;
  await free.stop(true);
  const sample = await Bun.file(join(import.meta.dirname, "../../web/nginx.conf")).text();
  const configured = sample
    .replace("listen 80;", `listen ${new URL(url).host};`)
    .replace("root /srv/potstats-web;", `root ${folder};`)
    .replace("127.0.0.1:3000", `127.0.0.1:${behind.port}`)
    .replace("brotli_static on;", "");
  const below = /# (gzip_static off;|sub_filter|location \/stats\/ \{|  rewrite|\}$)/gm;
  const site = basePath === "" ? configured : configured.replaceAll(below, "$1");
  const own = join(folder, `nginx${basePath}`);
  await mkdir(own, { recursive: true });
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${own}/${name};`);
  const http = `access_log off; ${paths.join(" ")} ${site}`;
  await writeFile(join(own, "conf"), `daemon off; pid ${own}/pid; error_log ${own}/log; events {} http { ${http} }`);
  const child = Bun.spawn([program, "-c", join(own, "conf"), "-e", join(own, "log")], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  while ((await fetch(`${url}/healthz`).catch(() => undefined)) === undefined) {
    if (child.exitCode !== null) throw new Error("nginx does not start");
    await Bun.sleep(20);
  }
  const stop = async () => {
    child.kill("SIGQUIT");
    await child.exited;
    await behind.stop(true);
  };
  return { url, stop };
}

const ask = (path: string, headers: Record<string, string> = {}, basePath: keyof typeof sites = "") =>
  fetch(sites[basePath].url + path, { headers, redirect: "manual" });

test.skipIf(!nginx)("pages have the same headers as the ones our own server sends", async () => {
  const own = createApp(appOptions(server.database, { assets: new Map() }));
  for (const path of [
    "/",
    "/years",
    "/users",
    "/users/3",
    "/compare",
    "/network",
    "/search",
    "/%75sers/3",
    "/api/boards",
    "/api/%62oards",
    "/nothing",
  ]) {
    const [near, far] = await Promise.all([own.fetch(new Request(sites[""].url + path)), ask(path)]);
    for (const name of [
      "Content-Security-Policy",
      "X-Content-Type-Options",
      "X-Frame-Options",
      "Referrer-Policy",
      "X-Robots-Tag",
    ])
      expect([path, name, far.headers.get(name)]).toEqual([path, name, near.headers.get(name)]);
  }
});

test.skipIf(!nginx)("nginx serves neither hidden files nor its own configuration", async () => {
  for (const path of ["/.env", "/.git/config", "/nginx.conf", "/%2eenv", "//.env"]) {
    const response = await ask(path);
    expect([path, response.status, await response.text()]).toEqual([path, 404, page]);
  }
});

test.skipIf(!nginx)("nginx serves pages and files, and forwards the API", async () => {
  for (const path of ["/", "/users/3", "/search?q=x"]) {
    const response = await ask(path);
    expect([path, response.status, await response.text(), response.headers.get("Cache-Control")]).toEqual([
      path,
      200,
      page,
      "no-cache",
    ]);
  }
  expect([(await ask("/nothing")).status, await (await ask("/nothing")).text()]).toEqual([404, page]);
  expect((await ask("/assets/index-1JfozzYP.js")).headers.get("Cache-Control")).toBe("max-age=31536000");
  expect((await ask("/assets")).headers.get("Location")).not.toContain("http");
  expect((await (await ask("/api/boards")).json()).rows.length).toBeGreaterThan(0);
  expect((await ask("/userstats;year=2012")).headers.get("Location")).toBe("/users?year=2012");
  expect(await (await ask("/robots.txt")).text()).toContain("Disallow: /users");
});

test.skipIf(!nginx)("a client is rate-limited, however it spells the path and whatever address it claims", async () => {
  const statuses: number[] = [];
  for (let n = 0; n < 12; n++) {
    const path = ["/api/search/suggest", "/api/%73earch/suggest", "/api/search/sugges%74"][n % 3];
    statuses.push((await ask(`${path}?q=x`, { "X-Forwarded-For": `6.6.6.${n}`, Forwarded: `for=6.6.7.${n}` })).status);
  }
  expect(statuses.filter((status) => status !== 429).length).toBeLessThanOrEqual(4);
});

test.skipIf(!nginx)("with its commented lines, the configuration serves everything below a path", async () => {
  const below = (path: string) => ask(path, {}, "/stats");
  for (const [path, robots] of [
    ["/stats/", null],
    ["/stats/years", null],
    ["/stats/users/3", "noindex"],
    ["/stats/%75sers/3", "noindex"],
  ] as const) {
    const response = await below(path);
    expect([path, response.status, response.headers.get("X-Robots-Tag")]).toEqual([path, 200, robots]);
    expect(await response.text()).toBe(page.replace('"/"', '"/stats/"'));
  }
  expect((await below("/stats/assets/index-1JfozzYP.js")).status).toBe(200);
  const { next } = await (await below("/stats/api/poster-stats?limit=1")).json();
  expect(next).toStartWith("/stats/api/poster-stats?");
  expect((await below(next)).status).toBe(200);
  expect((await below("/stats/userstats;year=2012")).headers.get("Location")).toBe("/stats/users?year=2012");
});
