/** A server that reads from a replica: no request fails when the replica is lost, lags, or comes back. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "@potstats/cli/testing/until";
import { serveApp, type Served } from "../serve.ts";
import { serveSettings } from "../testing/settings.ts";
import { openTcpProxy, type TcpProxy } from "../testing/tcp-proxy.ts";
import { reanalyze, testServer, type TestServer } from "../testing/server.ts";

/** Two databases with the same rows, except for the name of a board, which tells who has answered. */
let primary: TestServer;
let replica: TestServer;
let toPrimary: TcpProxy;
let toReplica: TcpProxy;
let served: Served;
let folder: string;

/** Copies the data generation, as replication would. */
async function catchUp(): Promise<void> {
  const [row] = await primary.database.sql<{ generation: string }[]>`select generation from baked.analysis`;
  await replica.database.sql`update baked.analysis set generation = ${row?.generation ?? ""}`;
}

beforeAll(async () => {
  [primary, replica] = await Promise.all([testServer(), testServer()]);
  await replica.database.sql`update baked.boards set name = 'von der Kopie'`;
  await catchUp();
  [toPrimary, toReplica] = await Promise.all([openTcpProxy(primary.database.url), openTcpProxy(replica.database.url)]);
  folder = await mkdtemp(join(tmpdir(), "potstats-replica-"));
  served = await start();
}, 60_000);
afterAll(async () => {
  await served?.stop();
  toPrimary?.close();
  toReplica?.close();
  await Promise.all([primary?.stop(), replica?.stop()]);
  await rm(folder, { recursive: true });
});

const start = () =>
  serveApp(serveSettings({ DATA_DIR: folder, DATABASE_URL: toPrimary.url, DATABASE_REPLICA_URL: toReplica.url }));

/** Who answers a request that is not cached. */
async function source({ url } = served): Promise<"replica" | "primary"> {
  const response = await fetch(`${url}/api/boards?nocache`);
  const body = await response.text();
  expect([response.status, body.slice(0, 100)]).toEqual([200, expect.any(String)]);
  return body.includes("von der Kopie") ? "replica" : "primary";
}

const paths = [
  "/api/boards?nocache",
  "/api/poster-stats?nocache",
  "/api/weekday-stats?nocache",
  "/api/status",
  "/api/search?type=post&content=der&nocache",
  "/readyz",
];

/** Requests of several clients, one after the other each, while `disturb` runs. @returns their statuses */
async function statusesDuring(disturb: () => Promise<unknown>): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {};
  let isOver = false;
  const client = async (n: number) => {
    // oxlint-disable-next-line no-unmodified-loop-condition -- it is over once the disturbance is
    for (let at = n; !isOver; at++) {
      const path = paths[at % paths.length] ?? "";
      const { status } = await fetch(served.url + path);
      statuses[status === 200 ? "200" : `${status} ${path}`] =
        (statuses[status === 200 ? "200" : `${status} ${path}`] ?? 0) + 1;
    }
  };
  const clients = Array.from({ length: 4 }, (_, n) => client(n));
  await disturb();
  isOver = true;
  await Promise.all(clients);
  return statuses;
}

test("/metrics tells that the replica is bypassed, also while it cannot be reached", async () => {
  const isBypassed = async () => {
    const text = await (await fetch(`${served.url}/metrics`)).text();
    return /^potstats_replica_bypassed (.*)$/m.exec(text)?.[1];
  };
  expect(await isBypassed()).toBe("0");
  toReplica.close();
  expect([await source(), await isBypassed()]).toEqual(["primary", "1"]);
  await toReplica.open();
  await until(async () => (await isBypassed()) === "0");
});

test("a replica that is lost and comes back: no request fails", async () => {
  expect(await source()).toBe("replica");
  for (let round = 0; round < 3; round++) {
    const statuses = await statusesDuring(async () => {
      await Bun.sleep(100);
      toReplica.close();
      await Bun.sleep(700);
      await toReplica.open();
      await Bun.sleep(200);
    });
    expect(Object.keys(statuses)).toEqual(["200"]);
    expect(statuses["200"]).toBeGreaterThan(10);
    await until(async () => (await source()) === "replica");
  }
});

test("a replica that was lost is used again once it has caught up", async () => {
  await reanalyze(primary.database);
  // It lags, and is used nevertheless: its data are old, but consistent.
  expect(await source()).toBe("replica");
  toReplica.close();
  expect(await source()).toBe("primary");
  await toReplica.open();
  await Bun.sleep(1500);
  // Readers have seen the new data, so they do not get the old ones again.
  expect(await source()).toBe("primary");
  await catchUp();
  await until(async () => (await source()) === "replica");
});

test("a server that starts reads from the replica once that has the primary's data, or if the primary is lost", async () => {
  await reanalyze(primary.database);
  const behind = await start();
  try {
    expect(await source(behind)).toBe("primary");
    await Bun.sleep(1200);
    expect(await source(behind)).toBe("primary");
    await catchUp();
    await until(async () => (await source(behind)) === "replica");
  } finally {
    await behind.stop();
  }
  await reanalyze(primary.database);
  toPrimary.close();
  const alone = await start();
  try {
    expect(await source(alone)).toBe("replica");
  } finally {
    await alone.stop();
    await toPrimary.open();
    await catchUp();
  }
});

test("a lost primary is not missed, and a replica that comes back does not need it", async () => {
  const statuses = await statusesDuring(async () => {
    toPrimary.close();
    await Bun.sleep(500);
  });
  expect(Object.keys(statuses)).toEqual(["200"]);
  toReplica.close();
  expect((await fetch(`${served.url}/api/boards?nocache`)).status).toBe(503);
  await toReplica.open();
  await until(async () => (await fetch(`${served.url}/api/boards?nocache`)).status === 200);
  expect(await source()).toBe("replica");
  await toPrimary.open();
});

test("a query that recovery cancels is repeated", async () => {
  const { sql } = replica.database;
  await sql.unsafe(`
    create sequence reads;
    create function read_name(name text) returns text language plpgsql volatile as $$ begin
      if nextval('public.reads') in (1, 2, 15) then
        raise exception using errcode = '40001', message = 'canceling statement due to conflict with recovery';
      end if;
      return name;
    end $$;
    alter table baked.boards rename to stored_boards;
    create view baked.boards as select bid, public.read_name(name) as name, description from baked.stored_boards`);
  for (let n = 0; n < 20; n++) expect(await source()).toBe("replica");
  const [reads] = await sql<{ count: number }[]>`select last_value as count from reads`;
  expect(reads?.count).toBeGreaterThan(15);
  await sql.unsafe("drop view baked.boards; alter table baked.stored_boards rename to boards");
});
