/** Run by Node, bundled by edge.test.ts: makes an app, asks it for what standard input lists, and prints the answers. */
import { readFileSync } from "node:fs";
import { connect } from "@potstats/db/connect";
import { createSearch } from "@potstats/search/search";
import { createApp } from "../app.ts";
import { BackendStats } from "../watch/backend-stats.ts";
import { createCache } from "../cache/cache.ts";
import { openStore } from "../cache/store.ts";
import { createGenerations } from "../cache/generations.ts";
import { guardSql } from "../queries/guarded-sql.ts";

interface Asked {
  database: string;
  upstash: { url: string; token: string } | undefined;
  requests: [target: string, accept: string][];
}

const { database, upstash, requests } = JSON.parse(readFileSync(0, "utf8")) as Asked;
const { sql, close } = guardSql({ open: () => connect(database, { max: 10, max_pipeline: 0 }) });
const store = openStore(
  {
    REDIS_URL: undefined,
    UPSTASH_REDIS_REST_URL: upstash?.url,
    UPSTASH_REDIS_REST_TOKEN: upstash?.token,
  },
  () => {
    throw new Error("no Redis without a client of the runtime's own");
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
const answers: unknown[] = [];
for (const [target, accept] of requests) {
  const response = await app.fetch(
    new Request(`http://stats.example${target}`, { headers: { "Accept-Encoding": accept } }),
  );
  const body = Buffer.from(await response.arrayBuffer()).toString("base64");
  answers.push({ target, status: response.status, coding: response.headers.get("Content-Encoding"), body });
}
// What was counted and kept is on its way to the store.
await stats.close();
console.log(JSON.stringify({ isBun: "Bun" in globalThis, answers }));
await close();
