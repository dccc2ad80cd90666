/**
 * Two servers behind nginx with one Redis, a PostgreSQL primary with a streaming replica, and one Meilisearch. One after
 * the other fails under a steady load: no request may fail, and no response may be wrong.
 */
import { join } from "node:path";
import { connect } from "@potstats/db/connect";
import { freePort } from "@potstats/db/embedded/ports";
import { readGeneration } from "@potstats/db/generation";
import { migrate } from "@potstats/db/migrate";
import { openMeilisearch } from "@potstats/search/embedded";
import { startRedis, type TestRedis } from "@potstats/server/testing/redis";
import { startServer } from "./api.ts";
import { ClusteredForum } from "./clustered.ts";
import { dataDir, heading, line, runCommand } from "./measure.ts";
import { addPosts } from "./new-posts.ts";
import {
  expectedFrom,
  readDuring,
  targetsOf,
  differenceOf,
  type Received,
  returnsIn,
  summaryOf,
  wrongIn,
} from "./several/load.ts";
import { type Proxy, startNginx } from "./several/nginx.ts";
import { type Cluster, startCluster } from "./several/postgres.ts";

type Server = Awaited<ReturnType<typeof startServer>>;

interface Site {
  cluster: Cluster;
  redis: TestRedis;
  /** Null if there is none for this platform. */
  meili: { kill(): Promise<void>; revive(): Promise<unknown> } | null;
  proxy: Proxy;
  servers: Server[];
  /** What servers and commands are told about PostgreSQL and Meilisearch. */
  environment: Record<string, string>;
  /** Starts the server at this place again. */
  restart(at: number): Promise<void>;
}

/** What happens, until everything works again. */
interface Event {
  name: string;
  run(site: Site): Promise<void>;
  /** Whether there are other data afterwards. */
  hasNewData?: true;
}

const sleep_s = (seconds: number) => Bun.sleep(seconds * 1000);

/** @param posts in the synthetic forum */
export async function benchSeveral(posts: number): Promise<void> {
  await using cleanup = new AsyncDisposableStack();
  const site = await openSite(posts, cleanup);
  const targets = await targetsOf(site.proxy.url);
  let current = await expectedFrom(site.proxy.url, targets);
  heading(`two servers, ${targets.length} different requests, half of which may be answered from a cache`);
  const totals = { requests: 0, failed: 0, wrong: 0, older: 0 };
  for (const { name, run, hasNewData } of events) {
    const before = current;
    const received = await readDuring(site.proxy.url, before, () => run(site));
    if (hasNewData) current = await expectedFrom(site.proxy.url, targets);
    const wrong = wrongIn(received, current);
    const older = returnsIn(received, current);
    report(name, received, { wrong: wrong.length, older });
    for (const { target, body } of wrong.slice(0, 5))
      for (const [when, expected] of Object.entries({ before, after: current }))
        console.log(`    wrong: ${target}, compared to ${when}:\n${differenceOf(body, expected.get(target) ?? "")}`);
    const { requests, failed } = summaryOf(received);
    totals.requests += requests;
    totals.failed += failed;
    totals.wrong += wrong.length;
    totals.older += older;
  }
  line("all requests", totals.requests, "");
  line("failed", totals.failed, "", "0");
  line("wrong", totals.wrong, "", "0");
  line("older after newer", totals.older, "", "0");
}

function report(name: string, received: Received, { wrong, older }: { wrong: number; older: number }): void {
  const { requests, failed, p50_ms, p95_ms, max_ms } = summaryOf(received);
  line(`${name}: requests`, requests, "");
  line("failed", failed, "", "0");
  line("wrong", wrong, "", "0");
  line("older after newer", older, "", "0");
  line("median", p50_ms, "ms");
  line("p95", p95_ms, "ms");
  line("slowest", max_ms, "ms");
  for (const [how, count] of received.failures) console.log(`    ${count} × ${how}`);
}

const events: Event[] = [
  { name: "nothing happens", run: () => sleep_s(10) },
  {
    name: "a server is killed (-9) and started again",
    run: async ({ servers, restart }) => {
      await sleep_s(1);
      await servers[0]?.kill();
      await sleep_s(4);
      await restart(0);
      await sleep_s(3);
    },
  },
  {
    name: "both servers are updated, one after the other (SIGTERM)",
    run: async ({ servers, restart }) => {
      for (const at of [0, 1]) {
        await servers[at]?.stop();
        await restart(at);
        // nginx leaves a server out for up to three seconds: its two are counted in whole seconds.
        await sleep_s(4);
      }
    },
  },
  {
    name: "Redis is lost and comes back, empty",
    run: async ({ redis }) => {
      await redis.stop();
      await sleep_s(4);
      await redis.start();
      await sleep_s(3);
    },
  },
  {
    name: "Meilisearch is killed and started again",
    run: async ({ meili }) => {
      await meili?.kill();
      await sleep_s(4);
      await meili?.revive();
      await sleep_s(3);
    },
  },
  {
    name: "the replica is stopped and started again",
    run: async ({ cluster }) => {
      await cluster.replica.kill();
      await sleep_s(5);
      await cluster.replica.start();
      await sleep_s(4);
    },
  },
  {
    name: "the replica hangs for eight seconds",
    run: async ({ cluster }) => {
      await cluster.replica.suspend();
      await sleep_s(8);
      await cluster.replica.resume();
      await sleep_s(4);
    },
  },
  {
    name: "the replica lags while posts are added, analyzed and indexed",
    hasNewData: true,
    run: async (site) => {
      const replica = connect(site.cluster.urlOf([site.cluster.replica]), { max: 1 });
      await replica`select pg_wal_replay_pause()`;
      await change(site);
      await sleep_s(5);
      await replica`select pg_wal_replay_resume()`;
      await replica.end();
      await untilCurrent(site);
    },
  },
  {
    name: "the primary is killed, the replica promoted, and posts are added, analyzed and indexed",
    hasNewData: true,
    run: async (site) => {
      const { primary, replica } = site.cluster;
      await primary.kill();
      await sleep_s(4);
      await replica.promote();
      await change(site);
      await untilCurrent(site);
      await sleep_s(2);
    },
  },
  {
    name: "the old primary comes back as the replica of the new one",
    run: async ({ cluster }) => {
      await cluster.copy(cluster.replica, cluster.primary);
      await sleep_s(3);
    },
  },
];

/** Adds posts, analyzes and indexes them, as an update pass does. */
async function change({ environment }: Site): Promise<void> {
  const sql = connect(environment["DATABASE_URL"] ?? "", { max: 1 });
  await addPosts(sql, 100);
  await sql.end();
  for (const command of ["analytics/main.ts", "search/main.ts"]) {
    const { exitCode, stdout } = await runCommand(command, [], environment);
    if (exitCode !== 0) throw new Error(`${command} exited with ${exitCode}\n${stdout}`);
  }
}

/** Waits until all servers respond with the data of the database that is written to. */
async function untilCurrent({ servers, environment }: Site): Promise<void> {
  const sql = connect(environment["DATABASE_URL"] ?? "", { max: 1 });
  const generation = await readGeneration(sql);
  await sql.end();
  for (const { url } of servers)
    for (let attempt = 0; ; attempt++) {
      const status = (await fetch(`${url}/api/status`).then((response) => response.json())) as { generation?: string };
      if (status.generation === generation) break;
      if (attempt === 300) throw new Error("a server still responds with old data after 30 s");
      await Bun.sleep(100);
    }
}

async function openSite(posts: number, cleanup: AsyncDisposableStack): Promise<Site> {
  const folder = join(dataDir(), "several");
  const cluster = await startCluster(join(folder, "postgres"));
  cleanup.defer(() => cluster.stop());
  const { primary, replica } = cluster;
  // Commands find the server that accepts writes, whichever it is.
  const writing = cluster.urlOf([primary, replica], "?target_session_attrs=primary");
  const opened = await openMeilisearch({ MEILI_URL: undefined, MEILI_MASTER_KEY: undefined, DATA_DIR: folder });
  cleanup.defer(async () => void (await opened?.close()));
  const meili = opened && {
    revive: opened.revive,
    kill: async () => {
      const { pid } = (await Bun.file(join(folder, "meilisearch/running.json")).json()) as { pid: number };
      process.kill(pid, "SIGKILL");
    },
  };
  const redis = await startRedis();
  cleanup.defer(() => redis.drop());
  const environment = {
    DATABASE_URL: writing,
    MEILI_URL: opened?.url ?? "http://127.0.0.1:9",
    MEILI_MASTER_KEY: opened?.key ?? "",
  };
  await fill(writing, posts, environment);
  const start = async (port: number) =>
    startServer({
      ...environment,
      DATABASE_REPLICA_URL: cluster.urlOf([replica]),
      REDIS_URL: redis.url,
      PORT: String(port),
      // The readers name themselves, and nginx appends this machine.
      TRUST_PROXY: "2",
      SEARCH_RATE: "0",
      LOG_LEVEL: "error",
    });
  const ports: [number, number] = [await freePort(), await freePort()];
  const servers = [await start(ports[0]), await start(ports[1])];
  cleanup.defer(async () => void (await Promise.all(servers.map((server) => server.kill()))));
  const restart = async (at: number) => void (servers[at] = await start(ports[at] ?? 0));
  const proxy = await startNginx(join(folder, "nginx"), await freePort(), ports);
  cleanup.defer(() => proxy.stop());
  return { cluster, redis, meili, proxy, servers, environment, restart };
}

async function fill(url: string, posts: number, environment: Record<string, string>): Promise<void> {
  await migrate(url);
  const sql = connect(url, { max: 4 });
  await new ClusteredForum(posts).load(sql);
  await sql.end();
  for (const command of ["analytics/main.ts", "search/main.ts"]) {
    const { exitCode, stdout } = await runCommand(command, [], environment);
    if (exitCode !== 0) throw new Error(`${command} exited with ${exitCode}\n${stdout}`);
  }
}
