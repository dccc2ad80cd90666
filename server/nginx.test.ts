/** The sample configuration, tried with nginx itself. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp } from "./app.ts";
import { listen } from "./serve.ts";
import { appOptions, testServer, type TestServer } from "./testing/server.ts";

const nginx = Bun.which("nginx");
const page = "<!doctype html><title>pOTstats</title>";

let server: TestServer;
let behind: ReturnType<typeof listen>;
let folder: string;
let child: ReturnType<typeof Bun.spawn> | undefined;
let url: string;
beforeAll(async () => {
  server = await testServer();
  const app = createApp(appOptions(server.database, { trustProxy: 1, searchRate: 1 }));
  behind = listen({ HOST: "127.0.0.1", PORT: 0 }, app.fetch);
  folder = await mkdtemp(join(tmpdir(), "potstats-nginx-"));
  // nginx reads as another user.
  await chmod(folder, 0o755);
  await mkdir(join(folder, "assets"));
  await writeFile(join(folder, "index.html"), page);
  await writeFile(join(folder, "assets/index-1JfozzYP.js"), "1");
  if (nginx) await startNginx(nginx);
});
afterAll(async () => {
  child?.kill("SIGQUIT");
  await child?.exited;
  await behind.stop(true);
  await server.stop();
  await rm(folder, { recursive: true });
});

/** Starts it with our configuration, on another port and without the module that Debian packs apart. */
async function startNginx(program: string): Promise<void> {
  const free = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("") });
  url = `http://127.0.0.1:${free.port}`;
  await free.stop(true);
  const sample = await Bun.file(join(import.meta.dirname, "../web/nginx.conf")).text();
  const site = sample
    .replace("listen 80;", `listen ${new URL(url).host};`)
    .replace("root /srv/potstats;", `root ${folder};`)
    .replace("127.0.0.1:3000", `127.0.0.1:${behind.port}`)
    .replace("brotli_static on;", "");
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  await writeFile(
    join(folder, "nginx.conf"),
    `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; events {} http { access_log off; ${paths.join(" ")} ${site} }`,
  );
  child = Bun.spawn([program, "-c", join(folder, "nginx.conf"), "-e", join(folder, "error.log")], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  while ((await fetch(`${url}/healthz`).catch(() => undefined)) === undefined) {
    if (child.exitCode !== null) throw new Error("nginx does not start");
    await Bun.sleep(20);
  }
}

const ask = (path: string, headers: Record<string, string> = {}) => fetch(url + path, { headers, redirect: "manual" });

test.skipIf(!nginx)("pages carry the headers that our own server gives them", async () => {
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
    const [near, far] = await Promise.all([own.fetch(new Request(url + path)), ask(path)]);
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

test.skipIf(!nginx)("pages, files and the API come from where they are", async () => {
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

test.skipIf(!nginx)(
  "a client is held to the rate, however it spells the path and whatever it says of itself",
  async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 12; n++) {
      const path = ["/api/search/suggest", "/api/%73earch/suggest", "/api/search/sugges%74"][n % 3];
      statuses.push(
        (await ask(`${path}?q=x`, { "X-Forwarded-For": `6.6.6.${n}`, Forwarded: `for=6.6.7.${n}` })).status,
      );
    }
    expect(statuses.filter((status) => status !== 429).length).toBeLessThanOrEqual(4);
  },
);
