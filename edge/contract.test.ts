/**
 * The same requests to the app on Bun, Node, Deno and workerd. What Bun responds is tested in server/; here the others
 * respond the same, byte for byte, but for what is named.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { freePort } from "@potstats/db/embedded/ports";
import { until } from "@potstats/cli/testing/until";
import { type Endpoint, readEndpoints } from "@potstats/server/testing/examples";
import { index, testServer, type TestServer, timezone } from "@potstats/server/testing/server";
import { openTcpProxy, type TcpProxy } from "@potstats/server/testing/tcp-proxy";
import PQueue from "p-queue";
import { extreme, malformed, sendAndLeave, sendRaw } from "./testing/raw.ts";
import {
  type ContractRequest,
  type ContractResponse,
  contractOf,
  differencesOf,
  elsewhere,
  examplesOf,
  hostile,
  inCodings,
  invalidOf,
  oddHeaders,
  send,
  textOf,
  withMethods,
} from "./testing/requests.ts";
import {
  buildForTest,
  type BuiltWorker,
  hasRuntimes,
  type RuntimeName,
  runtimeNames,
  type RunningServer,
  startServer,
} from "./testing/runtimes.ts";

const others = runtimeNames.filter((name) => name !== "Bun");

const token = "token-of-the-test";
/** How soon a client leaves. */
const departures_ms = [0, 1, 3, 10, 30];

describe.skipIf(!hasRuntimes)("every runtime", () => {
  let forum: TestServer;
  let worker: BuiltWorker;
  let servers: Record<RuntimeName, RunningServer>;
  let endpoints: Endpoint[];
  let database: TcpProxy;
  let workersDatabase: TcpProxy;
  /** The same database in the role of a replica. */
  let replica: TcpProxy;
  let workersReplica: TcpProxy;
  beforeAll(async () => {
    [forum, worker] = await Promise.all([testServer(), buildForTest()]);
    await index(forum.database);
    const { url } = forum.database;
    [database, workersDatabase] = await Promise.all([openTcpProxy(url), openTcpProxy(url)]);
    [replica, workersReplica] = await Promise.all([openTcpProxy(url), openTcpProxy(url)]);
    const settings = {
      STATS_TIMEZONE: timezone,
      PUBLIC_URL: "https://stats.example",
      IMPRINT_NAME: "Erika Beispiel",
      TRUST_PROXY: "1",
      SEARCH_RATE: "5",
      METRICS_TOKEN: token,
      // Nothing listens there: PostgreSQL searches. On Bun there would be an embedded one.
      MEILI_URL: `http://127.0.0.1:${await freePort()}`,
    };
    const started = await Promise.all(
      runtimeNames.map((name) => {
        const [primary, copy] = name === "workerd" ? [workersDatabase, workersReplica] : [database, replica];
        return startServer(name, worker, { ...settings, DATABASE_URL: primary.url, DATABASE_REPLICA_URL: copy.url });
      }),
    );
    servers = Object.fromEntries(started.map((server) => [server.name, server])) as typeof servers;
    endpoints = await readEndpoints((target) => fetch(`http://127.0.0.1:${servers.Bun.port}${target}`));
  }, 600_000);

  afterAll(async () => {
    for (const server of Object.values(servers ?? {})) await server.stop();
    for (const proxy of proxies()) proxy?.close();
    await worker?.remove();
    await forum?.stop();
  });

  const proxies = () => [database, workersDatabase, replica, workersReplica];

  const ask = async (name: RuntimeName, request: ContractRequest) => {
    const { response, bytes } = await send(servers[name].port, request);
    return contractOf(response, bytes);
  };

  /** Repeats requests as a 503 asks for: on a busy machine a query may take too long. */
  async function askUntilReady(name: RuntimeName, request: ContractRequest): Promise<ContractResponse> {
    for (let attempt = 0; ; attempt++) {
      const response = await ask(name, request);
      if (response.status !== 503 || attempt === 10) return response;
      await Bun.sleep(500);
    }
  }

  /** What differs between Bun's response and another one. */
  async function compare(name: RuntimeName, request: ContractRequest): Promise<string[]> {
    for (let attempt = 0; ; attempt++) {
      const [bun, other] = await Promise.all([askUntilReady("Bun", request), askUntilReady(name, request)]);
      const lines = differencesOf(bun, other);
      // A document does not wait for a slow database: on a busy machine it may lack what the other one's has.
      if (lines.length === 0 || attempt === 5 || request.target.startsWith("/api/")) return lines;
      await Bun.sleep(500);
    }
  }

  /** The requests whose response is not Bun's. */
  async function differences(name: RuntimeName, requests: ContractRequest[]) {
    const queue = new PQueue({ concurrency: 8 });
    const compared = await queue.addAll(
      requests.map((request) => async () => {
        const lines = await compare(name, request);
        return lines.length === 0 ? [] : [{ ...request, target: request.target.slice(0, 100), lines }];
      }),
    );
    return compared.flat();
  }

  describe.each(others)("%s responds as Bun", (name) => {
    const same = async (requests: ContractRequest[]) => {
      expect(requests.length).toBeGreaterThan(8);
      expect(await differences(name, requests)).toEqual([]);
    };

    test("to every endpoint's examples, cold and warm", async () => {
      await same(examplesOf(endpoints));
      await same(examplesOf(endpoints));
    });
    test("to invalid parameters", () => same(invalidOf(endpoints)));
    test("to HEAD, OPTIONS and methods that write", () =>
      same(
        withMethods(
          ["/api/boards", "/api/nothing", "/", "/users", "/healthz", "/robots.txt"],
          "GET HEAD OPTIONS POST PUT PATCH DELETE".split(" "),
        ),
      ));
    test("in every content coding", () =>
      same(inCodings(["/api/poster-stats", "/api/social-graph?csv", "/api/imprint", "/"])));
    test("outside of the API", () => same(elsewhere));
    test("to hostile input", () => same(hostile));
    test("to odd headers", () => same(oddHeaders));
    test.each(["/", "/users/3"])("with the preview of %s", async (target) => {
      const documentOf = async (runtime: RuntimeName) => {
        const { response, bytes } = await send(servers[runtime].port, { target });
        return textOf(response, bytes);
      };
      // A document waits for its preview for 150 ms only.
      const isPreview = (text: string) => /name="description" content="[^"]*\d/.test(text);
      await until(async () => isPreview(await documentOf("Bun")));
      await until(async () => isPreview(await documentOf(name)));
      await until(async () => (await documentOf("Bun")) === (await documentOf(name)));
    });
  });

  describe.each(runtimeNames)("%s", (name) => {
    const get = (target: string, headers: Record<string, string> = {}) => ask(name, { target, headers });

    test("responds to the tag of each coding with 304", async () => {
      for (const coding of ["identity", "gzip", "br"]) {
        const headers = { "Accept-Encoding": coding };
        const { headers: sent } = await get("/api/poster-stats", headers);
        expect(sent["etag"]).toMatch(new RegExp(`^"[0-9a-f]{24}-${coding}"$`));
        for (const condition of [sent["etag"]!, `W/${sent["etag"]}`, `"other", ${sent["etag"]}`, "*"]) {
          const repeated = await get("/api/poster-stats", { ...headers, "If-None-Match": condition });
          expect([condition, repeated.status, repeated.body]).toEqual([condition, 304, ""]);
          expect(repeated.headers["etag"]).toBe(sent["etag"]!);
        }
      }
    });

    test("limits the searches of a client, and nobody else's", async () => {
      const search = "/api/search?content=x&type=post";
      const responses = await Promise.all(
        Array.from({ length: 60 }, () => get(search, { "X-Forwarded-For": "192.0.2.1" })),
      );
      const refused = responses.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThan(10);
      expect(refused[0]).toMatchObject({
        headers: { "retry-after": "1" },
        body: expect.stringMatching(/^\{"error":"/),
      });
      // The burst is three times the rate.
      expect(responses.length - refused.length).toBeGreaterThanOrEqual(15);
      expect((await get(search)).status).toBe(200);
    });

    test("survives what is no HTTP request", async () => {
      const { port } = servers[name];
      const statuses = await Promise.all(malformed.map((text) => sendRaw(port, text)));
      await Promise.all(extreme.map((text) => sendRaw(port, text)));
      // Without a status, the connection was closed or is still waiting for the rest.
      expect(statuses.filter((status) => status !== 0 && (status < 400 || status > 505))).toEqual([]);
      expect((await get("/healthz")).body).toBe("ok\n");
    });

    test("survives clients that leave, and closes their connections", async () => {
      const { port } = servers[name];
      const targets = [
        "/api/poster-stats?nocache",
        "/api/search?content=Wal&type=post",
        "/api/social-graph?nocache",
        "/",
      ];
      await Promise.all(
        targets.flatMap((target) => departures_ms.map((wait_ms) => sendAndLeave(port, target, wait_ms))),
      );
      for (const target of targets) {
        expect([target, (await askUntilReady(name, { target })).status]).toEqual([target, 200]);
      }
      if (name === "workerd")
        await until(() => workersDatabase.connections() === 0 && workersReplica.connections() === 0);
    });

    test("shows metrics to the operator only; a Worker has none", async () => {
      const status = async (headers = {}) => (await get("/metrics", headers)).status;
      const isOffered = name !== "workerd";
      expect(await status()).toBe(isOffered ? 401 : 403);
      const { status: known, body } = await get("/metrics", { Authorization: `Bearer ${token}` });
      expect(known).toBe(isOffered ? 200 : 403);
      if (!isOffered) return;
      const value = (metric: string) => Number(new RegExp(`^${metric} (.+)$`, "m").exec(body)?.[1]);
      expect(value("process_resident_memory_bytes")).toBeGreaterThan(1e6);
      expect(Math.abs(value("process_start_time_seconds") - Date.now() / 1000)).toBeLessThan(600);
    });

    test("has logged neither errors nor warnings", () => {
      expect(servers[name].complaints()).toEqual([]);
    });
  });

  test("while the replica is lost, all read from the primary", async () => {
    const statusesOf = (name: RuntimeName) =>
      Promise.all(
        ["/api/boards?nocache", "/api/search?content=Wal&type=post&nocache", "/readyz"].map(
          async (target) => (await ask(name, { target })).status,
        ),
      );
    for (const proxy of [replica, workersReplica]) proxy.close();
    for (let round = 0; round < 3; round++)
      for (const name of runtimeNames) expect([name, await statusesOf(name)]).toEqual([name, [200, 200, 200]]);
    for (const proxy of [replica, workersReplica]) await proxy.open();
    await until(async () => {
      for (const name of runtimeNames) await ask(name, { target: "/api/boards?nocache" });
      return replica.connections() >= 3;
    });
  });

  test("while the database is down, all respond with 503, and then recover", async () => {
    for (const proxy of proxies()) proxy.close();
    for (const name of runtimeNames) {
      const refused = await ask(name, { target: "/api/boards?year=1999&nocache" });
      expect([name, refused.status, refused.headers["retry-after"]]).toEqual([name, 503, "5"]);
      expect((await ask(name, { target: "/readyz" })).status).toBe(503);
      expect((await ask(name, { target: "/healthz" })).status).toBe(200);
      expect((await ask(name, { target: "/api/boards?year=x" })).status).toBe(400);
    }
    for (const proxy of proxies()) await proxy.open();
    for (const name of runtimeNames)
      await until(async () => (await ask(name, { target: "/api/boards?year=1999&nocache" })).status === 200);
  });
});
