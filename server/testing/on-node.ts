/**
 * Bundled by edge.test.ts and run by Node: sends the requests on standard input to an app, and prints the responses.
 */
import { readFileSync } from "node:fs";
import { connect } from "@potstats/db/connect";
import { createSearch } from "@potstats/search/search";
import { createApp } from "../app.ts";
import { BackendStats } from "../monitoring/backend-stats.ts";
import { createCache } from "../cache/cache.ts";
import { openStore } from "../cache/open-store.ts";
import { createGenerations } from "../cache/generations.ts";
import { guardSql } from "../queries/guarded-sql.ts";

interface Input {
  database: string;
  upstash: { url: string; token: string } | undefined;
  requests: [target: string, accept: string][];
}

const { database, upstash, requests } = JSON.parse(readFileSync(0, "utf8")) as Input;
const { sql, close } = guardSql({ open: () => connect(database, { max: 10, max_pipeline: 0 }) });
const store = openStore(
  { UPSTASH_REDIS_REST_URL: upstash?.url, UPSTASH_REDIS_REST_TOKEN: upstash?.token },
  () => {
    throw new Error("there is no Redis client for Node here");
  },
  1000,
);
const stats = new BackendStats(store);
const app = createApp({
  sql,
  search: createSearch({ sql, timezone: "Europe/Berlin" }),
  cache: createCache(store),
  stats,
  generations: createGenerations(sql),
  assets: new Map(),
  imprint: { name: "", contact_info: "" },
  forumUrl: "https://forum.example",
  profilesUrl: "https://profile.example",
  version: "1.2.3",
});
const responses: unknown[] = [];
for (const [target, accept] of requests) {
  const response = await app.fetch(
    new Request(`http://stats.example${target}`, { headers: { "Accept-Encoding": accept } }),
  );
  const body = Buffer.from(await response.arrayBuffer()).toString("base64");
  responses.push({ target, status: response.status, coding: response.headers.get("Content-Encoding"), body });
}
// Sends the counters; the cache has already sent its entries.
await stats.close();
console.log(JSON.stringify({ isBun: "Bun" in globalThis, responses }));
await close();
