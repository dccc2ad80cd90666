/** Every request gets its own response, even if concurrent clients disconnect. Uses real connections. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Served, serveApp } from "../serve.ts";
import { serveSettings } from "../testing/settings.ts";
import { testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
let served: Served;
let folder: string;
beforeAll(async () => {
  [server, folder] = await Promise.all([testServer(), mkdtemp(join(tmpdir(), "potstats-own-response-"))]);
  served = await serveApp(
    serveSettings({ DATA_DIR: folder, DATABASE_URL: server.database.url, SEARCH_RATE: 0, TRUST_PROXY: 1 }),
  );
});
afterAll(async () => {
  await served.stop();
  await server.stop();
  await rm(folder, { recursive: true });
});

/** Sends each request from a new client, because one client would reach its limit. */
let clients = 0;
const overTheWire = (path: string, init: RequestInit = {}) => {
  clients++;
  return fetch(served.url + path, { ...init, headers: { "X-Forwarded-For": `10.0.${clients >> 8}.${clients & 255}` } });
};

/** Sends a request and disconnects after a while, as a browser does while the user is typing. */
const disconnecting = (path: string, after_ms: number) =>
  overTheWire(path, { signal: AbortSignal.timeout(after_ms) }).then(
    (response) => void response.body?.cancel(),
    () => {},
  );

/** Requests whose queries differ in columns and number of rows. */
const paths = () =>
  server.forum.users.flatMap(({ uid }) => [
    `/api/user-quotes?limit=3&uid=${uid}`,
    `/api/poster-development?uid=${uid}`,
    `/api/user-domains?limit=${(uid % 50) + 1}`,
    `/api/boards?year=${2000 + (uid % 10)}`,
  ]);

/** The response's body, or its status if it is an error, by path. */
const responsesOf = async (all: string[], ask: (path: string) => Promise<Response>) =>
  new Map(
    await Promise.all(
      all.map(async (path): Promise<[string, string | number]> => {
        const response = await ask(path);
        const text = await response.text();
        return [path, response.ok ? text : response.status];
      }),
    ),
  );

test("clients that disconnect while a table is locked affect neither other responses nor the cache", async () => {
  const all = paths();
  const expected = await responsesOf(all, server.ask);
  // A driver that pipelines does so only with statements that the connection has prepared.
  const prepared = [...all, "/api/weekday-stats?bid=2", "/api/social-graph?limit=5"].map((path) => `${path}&nocache`);
  for (let n = 0; n < 5; n++) await responsesOf(prepared, overTheWire);
  const wrong = (responses: Map<string, string | number>) =>
    [...responses].filter(([path, response]) => response !== expected.get(path) && response !== 503);
  for (let round = 0; round < 3; round++) {
    let concurrent: Promise<Map<string, string | number>> | undefined;
    await server.database.sql.begin(async (transaction) => {
      await transaction`lock table baked.weekday_stats in access exclusive mode`;
      const locked = Array.from({ length: 8 }, (_, n) => disconnecting(`/api/weekday-stats?nocache&bid=${n}`, 400));
      await Bun.sleep(100);
      const disconnected = Array.from({ length: 60 }, (_, n) =>
        disconnecting(`/api/social-graph?nocache&limit=${n + 1}`, 50),
      );
      concurrent = responsesOf(
        all.filter((_, n) => n % 3 === round),
        overTheWire,
      );
      await Promise.all([...disconnected, ...locked]);
      // By now, a server that cancels queries would have done so.
      await Bun.sleep(200);
    });
    expect(wrong(await concurrent!)).toEqual([]);
  }
  expect(wrong(await responsesOf(all, overTheWire))).toEqual([]);
});

test("bursts of disconnecting clients, with a table locked or not, affect no other response", async () => {
  const all = paths();
  const expected = await responsesOf(all, server.ask);
  const prepared = [...all, "/api/weekday-stats?bid=2", "/api/poster-stats?limit=7"].map((path) => `${path}&nocache`);
  await responsesOf(prepared, overTheWire);
  for (let round = 0; round < 10; round++) {
    let concurrent: Promise<Map<string, string | number>> | undefined;
    await server.database.sql.begin(async (transaction) => {
      if (round % 2 === 0) await transaction`lock table baked.weekday_stats in access exclusive mode`;
      const burst = Array.from({ length: 120 }, (_, n) =>
        disconnecting(
          [`/api/weekday-stats?bid=${n}`, `/api/poster-stats?limit=${200 + n}`, `/api/social-graph?limit=${200 + n}`][
            n % 3
          ] + "&nocache",
          5 + ((n * 7 + round * 13) % 120),
        ),
      );
      concurrent = responsesOf(
        all.filter((_, n) => n % 10 === round).map((path) => `${path}&nocache`),
        overTheWire,
      );
      await Promise.all(burst);
      await Bun.sleep(150);
    });
    const wrong = [...(await concurrent!)].filter(
      ([path, response]) => response !== 503 && response !== expected.get(path.replace("&nocache", "")),
    );
    expect(wrong).toEqual([]);
  }
  expect(await responsesOf(all, overTheWire)).toEqual(expected);
});
