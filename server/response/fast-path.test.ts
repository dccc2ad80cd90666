/** The fast path sends the same responses as Hono. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { askApp, testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

const describeResponse = async (response: Response) => ({
  status: response.status,
  headers: [...response.headers].filter(([name]) => name !== "x-request-id"),
  body: await response.text(),
});

/**
 * Sends a request five times: the first is computed, the second comes from the cache through Hono, the others through
 * the fast path.
 */
async function fiveTimes(path: string, headers: Record<string, string>) {
  const paths: unknown[] = [];
  const ask = askApp(server.database, { log: (line) => paths.push(line["path"]) });
  const responses: Response[] = [];
  for (let n = 0; n < 5; n++) responses.push(await ask(path, { headers }));
  expect(paths).toEqual(Array(5).fill(path.replace(/\?.*/, "")));
  expect(new Set(responses.map((response) => response.headers.get("X-Request-Id"))).size).toBe(5);
  return Promise.all(responses.map(describeResponse));
}

test("the fast path and Hono send the same status, headers and body", async () => {
  const { etag } = Object.fromEntries((await server.ask("/api/poster-stats")).headers);
  for (const [path, headers, status] of [
    ["/api/poster-stats", {}, 200],
    ["/api/poster-stats", { "Accept-Encoding": "br" }, 200],
    ["/api/poster-stats", { "If-None-Match": etag! }, 304],
    ["/api/poster-stats?csv", {}, 200],
    ["/api/boards?year=x", {}, 400],
    ["/api/imprint", {}, 200],
  ] as const) {
    const [first, ...others] = await fiveTimes(path, headers);
    expect([path, first!.status]).toEqual([path, status]);
    expect(first!.headers.some(([name]) => name === "content-security-policy")).toBe(true);
    for (const other of others) expect(other).toEqual(first!);
  }
});
