/** A proxy in front of Meilisearch that fails on demand. */
import type { MeilisearchServer } from "../index/meilisearch-client.ts";

type Answer = () => Promise<Response>;

/** What the proxy does instead of answering. */
export type Failure = (answer: Answer, path: string) => Promise<Response>;

/** Delays every answer. */
const delayed =
  (delay_ms: number): Failure =>
  async (answer) => {
    await Bun.sleep(delay_ms);
    return answer();
  };

/** Changes the answers' JSON, as another version of Meilisearch might. */
const changed =
  (change: (body: string, path: string) => string): Failure =>
  async (answer, path) => {
    const response = await answer();
    return new Response(change(await response.text(), path), { status: response.status });
  };

/** How a server may fail that accepts connections. */
export const failures = {
  hanging: () => new Promise<Response>(() => {}),
  "delayed by 100 ms": delayed(100),
  "delayed by 200 ms": delayed(200),
  "delayed by 1000 ms": delayed(1000),
  "stalling in the middle of a body": async (answer) => {
    const body = await (await answer()).text();
    const half = body.slice(0, body.length / 2);
    return new Response(new ReadableStream<string>({ start: (controller) => controller.enqueue(half) }));
  },
  "dying in the middle of a body": changed((body) => body.slice(0, body.length / 2)),
  "of status 500": async () => Response.json({ message: "internal", code: "internal" }, { status: 500 }),
  "a gateway's 502": async () => new Response("<html>Bad Gateway</html>", { status: 502 }),
  "a page of HTML": async () => new Response("<html>It works!</html>"),
  "an empty object": async () => Response.json({}),
  "rejecting the key": async () => Response.json({ message: "no", code: "invalid_api_key" }, { status: 403 }),
  full: async () =>
    Response.json(
      { message: "No space left on device", code: "no_space_left_on_device", type: "system" },
      { status: 422 },
    ),
  "of a version without locales": async () =>
    Response.json({ message: "Unknown field `locales`", code: "bad_request" }, { status: 400 }),
  "of another version": changed((body, path) =>
    path === "/version" ? body.replace(/"pkgVersion":"[^"]*"/, '"pkgVersion":"1.99.0"') : body,
  ),
  "naming the number of hits differently": changed((body) => body.replaceAll("estimatedTotalHits", "nbHits")),
  "naming the facets differently": changed((body) => body.replaceAll("istribution", "istributions")),
  "returning hits without their keys": changed((body) => body.replaceAll(/"[pt]id":/g, '"id":')),
} satisfies Record<string, Failure>;
export type FailureName = keyof typeof failures;

export interface Proxy {
  meili: MeilisearchServer;
  /** Searches that have arrived. */
  searches(): number;
  /** undefined ends the failure. */
  failWith(failure: Failure | undefined): void;
  /** Lets the proxy stand for another server. */
  leadTo(server: MeilisearchServer): void;
  stop(): Promise<void>;
  restart(): void;
  /** Resets each connection. @returns what ends that */
  reset(): Promise<() => void>;
}

export function startProxy(first: MeilisearchServer): Proxy {
  let port = 0;
  let target = first;
  let failure: Failure | undefined;
  let searches = 0;
  const listen = () => {
    const server = Bun.serve({
      port,
      hostname: "127.0.0.1",
      idleTimeout: 60,
      fetch: async (request) => {
        const { pathname, search } = new URL(request.url);
        if (pathname.endsWith("search")) searches++;
        const body = request.method === "GET" ? null : await request.text();
        const headers = new Headers(request.headers);
        if (target !== first) headers.set("authorization", `Bearer ${target.key}`);
        const answer = () =>
          fetch(`${target.url}${pathname}${search}`, { method: request.method, headers, body }).catch(
            () => new Response("", { status: 502 }),
          );
        return failure ? failure(answer, pathname) : answer();
      },
    });
    port = server.port ?? 0;
    return server;
  };
  let server = listen();
  return {
    meili: { url: `http://127.0.0.1:${port}`, key: first.key },
    searches: () => searches,
    failWith: (next) => void (failure = next),
    leadTo: (next) => void (target = next),
    stop: () => server.stop(true),
    restart: () => void (server = listen()),
    reset: async () => {
      await server.stop(true);
      const socket = { open: (opened: { terminate(): void }) => opened.terminate(), data: () => {} };
      const resetting = Bun.listen({ hostname: "127.0.0.1", port, socket });
      return () => {
        resetting.stop(true);
        server = listen();
      };
    },
  };
}
