/** The app uses web standards only: Node serves it too, and so can Deno and Workers. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as zlib from "node:zlib";
import { startBridge, hasRedis, startRedis } from "../testing/redis.ts";
import { index, testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
let folder: string;
beforeAll(async () => {
  [server, folder] = await Promise.all([testServer(), mkdtemp(join(tmpdir(), "potstats-edge-"))]);
  await index(server.database);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await server.stop();
});

/** Bundles a file with everything that it imports. */
async function bundle({ pathname }: URL, conditions: string[] = []): Promise<string> {
  const { outputs } = await Bun.build({ entrypoints: [pathname], target: "node", conditions });
  return await outputs[0]!.text();
}

test("the app imports only Node's zlib, and does not use Bun", async () => {
  const text = await bundle(new URL("../app.ts", import.meta.url), ["workerd", "browser"]);
  const imports = new Bun.Transpiler({ loader: "js" }).scanImports(text).map(({ path }) => path);
  expect([...new Set(imports)].toSorted()).toEqual(["node:zlib"]);
  expect(text).not.toMatch(/\bBun\b\s*[.?[]/);
});

const node = Bun.which("node");

/** Sends requests to an app that runs in Node. */
async function requestInNode(input: object): Promise<{
  isBun: boolean;
  responses: { target: string; status: number; coding: string | null; body: string }[];
}> {
  const file = join(folder, "on-node.mjs");
  // The lexicon consists of data files in packages, which are read from node_modules.
  const packages = join(import.meta.dirname, "../../search/node_modules");
  await symlink(packages, join(folder, "node_modules")).catch(() => {});
  await Bun.write(file, await bundle(new URL("../testing/on-node.ts", import.meta.url)));
  const child = Bun.spawn([node!, file], {
    stdin: new Blob([JSON.stringify({ database: server.database.url, ...input })]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  expect([code, err]).toEqual([0, ""]);
  return JSON.parse(out);
}

test.skipIf(node === null)("responses in Node equal those in Bun, in the codings that Node has", async () => {
  const targets = [
    "/api/poster-stats",
    "/api/social-graph?csv",
    "/api/poster-development?user=%C3%A4rger",
    "/api/boards?year=x",
    "/api/docs",
    "/healthz",
    "/readyz",
  ];
  // The second time from the cache.
  const requests = [...targets, ...targets].flatMap((target) =>
    ["br", "zstd", "gzip", ""].map((accept) => [target, accept]),
  );
  const { isBun, responses } = await requestInNode({ requests });
  expect(isBun).toBe(false);
  expect(responses).toHaveLength(requests.length);
  const decoders: Record<string, (bytes: Uint8Array) => Uint8Array> = {
    br: zlib.brotliDecompressSync,
    zstd: zlib.zstdDecompressSync,
    gzip: zlib.gunzipSync,
  };
  const codings = new Set<string | null>();
  for (const { target, status, coding, body } of responses) {
    codings.add(coding);
    const bytes = Buffer.from(body, "base64");
    const expected = await server.ask(target);
    const text = new TextDecoder().decode(coding === null ? bytes : decoders[coding]!(bytes));
    expect([target, status, text]).toEqual([target, expected.status, await expected.text()]);
  }
  expect([...codings]).toEqual(expect.arrayContaining([null, "br", "gzip"]));
});

test.skipIf(node === null || !hasRedis)(
  "in Node, cached responses are shared through Upstash",
  async () => {
    const redis = await startRedis();
    const bridge = startBridge(redis.url);
    try {
      const input = { upstash: { url: bridge.url, token: bridge.token }, requests: [["/api/boards", "br"]] };
      const [first] = (await requestInNode(input)).responses;
      expect(await redis.send("KEYS", "potstats:answer:*")).toHaveLength(1);
      expect((await requestInNode(input)).responses).toEqual([first!]);
      expect(await redis.send("HGET", "potstats:counters", "boards/cache/hits")).toBe("1");
    } finally {
      await bridge.stop();
      await redis.drop();
    }
    // Node starts twice, and loads the lexicon each time.
  },
  30_000,
);
