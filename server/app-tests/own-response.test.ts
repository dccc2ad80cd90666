/** Every response belongs to its own request, whatever is canceled beside it: over real connections, with clients that disconnect. */
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
  [server, folder] = await Promise.all([testServer(), mkdtemp(join(tmpdir(), "potstats-own-answer-"))]);
  served = await serveApp(
    serveSettings({ DATA_DIR: folder, DATABASE_URL: server.database.url, SEARCH_RATE: 0, TRUST_PROXY: 1 }),
  );
});
afterAll(async () => {
  await served.stop();
  await server.stop();
  await rm(folder, { recursive: true });
});

/** Requests as another client each time: one alone would reach its limit. */
let readers = 0;
const overTheWire = (path: string, init: RequestInit = {}) => {
  readers++;
  return fetch(served.url + path, { ...init, headers: { "X-Forwarded-For": `10.0.${readers >> 8}.${readers & 255}` } });
};

/** Sends a request and disconnects after a while, as browsers do while somebody types. */
const leaving = (path: string, after_ms: number) =>
  overTheWire(path, { signal: AbortSignal.timeout(after_ms) }).then(
    (response) => void response.body?.cancel(),
    () => {},
  );

/** Queries with different columns and numbers of rows. */
const paths = () =>
  server.forum.users.flatMap(({ uid }) => [
    `/api/user-quotes?limit=3&uid=${uid}`,
    `/api/poster-development?uid=${uid}`,
    `/api/user-domains?limit=${(uid % 50) + 1}`,
    `/api/boards?year=${2000 + (uid % 10)}`,
  ]);

/** Bodies by path; the status of a refusal. */
const answersOf = async (all: string[], ask: (path: string) => Promise<Response>) =>
  new Map(
    await Promise.all(
      all.map(async (path): Promise<[string, string | number]> => {
        const response = await ask(path);
        const text = await response.text();
        return [path, response.ok ? text : response.status];
      }),
    ),
  );

test("clients that disconnect while a table is locked change no other response, nor the cache", async () => {
  const all = paths();
  const right = await answersOf(all, server.ask);
  // A driver that pipelines does so only with statements that the connection has prepared.
  const known = [...all, "/api/weekday-stats?bid=2", "/api/social-graph?limit=5"].map((path) => `${path}&nocache`);
  for (let n = 0; n < 5; n++) await answersOf(known, overTheWire);
  const wrong = (answers: Map<string, string | number>) =>
    [...answers].filter(([path, answer]) => answer !== right.get(path) && answer !== 503);
  for (let round = 0; round < 3; round++) {
    let beside: Promise<Map<string, string | number>> | undefined;
    await server.database.sql.begin(async (transaction) => {
      await transaction`lock table baked.weekday_stats in access exclusive mode`;
      const locked = Array.from({ length: 8 }, (_, n) => leaving(`/api/weekday-stats?nocache&bid=${n}`, 400));
      await Bun.sleep(100);
      const impatient = Array.from({ length: 60 }, (_, n) => leaving(`/api/social-graph?nocache&limit=${n + 1}`, 50));
      beside = answersOf(
        all.filter((_, n) => n % 3 === round),
        overTheWire,
      );
      await Promise.all([...impatient, ...locked]);
      // By now, a server that cancels queries would have done so.
      await Bun.sleep(200);
    });
    expect(wrong(await beside!)).toEqual([]);
  }
  expect(wrong(await answersOf(all, overTheWire))).toEqual([]);
});

test("bursts of clients that disconnect at any moment, with tables locked or not, change no other response", async () => {
  const all = paths();
  const right = await answersOf(all, server.ask);
  const known = [...all, "/api/weekday-stats?bid=2", "/api/poster-stats?limit=7"].map((path) => `${path}&nocache`);
  await answersOf(known, overTheWire);
  for (let round = 0; round < 10; round++) {
    let beside: Promise<Map<string, string | number>> | undefined;
    await server.database.sql.begin(async (transaction) => {
      if (round % 2 === 0) await transaction`lock table baked.weekday_stats in access exclusive mode`;
      const burst = Array.from({ length: 120 }, (_, n) =>
        leaving(
          [`/api/weekday-stats?bid=${n}`, `/api/poster-stats?limit=${200 + n}`, `/api/social-graph?limit=${200 + n}`][
            n % 3
          ] + "&nocache",
          5 + ((n * 7 + round * 13) % 120),
        ),
      );
      beside = answersOf(
        all.filter((_, n) => n % 10 === round).map((path) => `${path}&nocache`),
        overTheWire,
      );
      await Promise.all(burst);
      await Bun.sleep(150);
    });
    const wrong = [...(await beside!)].filter(
      ([path, answer]) => answer !== 503 && answer !== right.get(path.replace("&nocache", "")),
    );
    expect(wrong).toEqual([]);
  }
  expect(await answersOf(all, overTheWire)).toEqual(right);
});
