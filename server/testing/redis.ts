/** A real Redis for tests, and an HTTP bridge to it with Upstash's REST API. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@potstats/db/embedded/ports";

export const hasRedis = Bun.which("redis-server") !== null;

export interface TestRedis {
  url: string;
  /** Sends any command. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read arbitrary responses
  send(command: string, ...args: string[]): Promise<any>;
  /** Kills Redis; its data is lost. */
  stop(): Promise<void>;
  /** Restarts Redis at the same address. */
  start(): Promise<void>;
  /** Suspends the process: connections stay open, but get no responses. */
  pause(): void;
  resume(): void;
  /** Kills Redis and deletes its folder. */
  drop(): Promise<void>;
}

/** Starts a Redis on a free port, in a new folder. */
export async function startRedis(): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), "potstats-redis-"));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let child: Bun.Subprocess | undefined;
  let client: Bun.RedisClient | undefined;
  const start = async () => {
    child = Bun.spawn(
      [
        "redis-server",
        "--port",
        String(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        folder,
      ],
      { stdin: "ignore", stdout: "ignore", stderr: "ignore" },
    );
    for (let attempt = 0; ; attempt++) {
      client = new Bun.RedisClient(url, { autoReconnect: false, connectionTimeout: 1000 });
      try {
        await client.connect();
        return;
      } catch (error) {
        client.close();
        if (attempt === 100) throw error;
        await Bun.sleep(20);
      }
    }
  };
  const stop = async () => {
    client?.close();
    child?.kill("SIGCONT");
    child?.kill("SIGKILL");
    await child?.exited;
  };
  await start();
  return {
    url,
    send: async (command, ...args) => client?.send(command, args),
    stop,
    start,
    pause: () => child?.kill("SIGSTOP"),
    resume: () => child?.kill("SIGCONT"),
    drop: async () => {
      await stop();
      await rm(folder, { recursive: true });
    },
  };
}

export interface Bridge {
  url: string;
  token: string;
  /** Number of requests received. */
  requests(): number;
  stop(): Promise<void>;
}

/** Upstash's REST API in front of a Redis: a request is a command or a pipeline, as a JSON array. */
export function startBridge(redisUrl: string): Bridge {
  const token = "token-of-the-test";
  const client = new Bun.RedisClient(redisUrl, { maxRetries: 2 ** 32 - 1 });
  let requests = 0;
  const run = async ([command = "", ...args]: unknown[]) => {
    try {
      return { result: (await client.send(String(command), args.map(String))) as unknown };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  };
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      requests++;
      if (request.headers.get("Authorization") !== `Bearer ${token}`) {
        return Response.json({ error: "Unauthorized" }, { status: 401 });
      }
      const body = (await request.json()) as unknown[];
      const { pathname } = new URL(request.url);
      if (pathname === "/pipeline") return Response.json(await Promise.all((body as unknown[][]).map(run)));
      const result = await run(body);
      return Response.json(result, { status: "error" in result ? 400 : 200 });
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    token,
    requests: () => requests,
    stop: async () => {
      await server.stop(true);
      client.close();
    },
  };
}
