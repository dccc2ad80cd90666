/** A server for tests, without a port, on a real database that contains a small, analyzed forum. */
import { expect } from "bun:test";
import { analyze } from "@potstats/analytics/analyze";
import type { Sql } from "@potstats/db/connect";
import { testDatabase, type TestDatabase } from "@potstats/db/testing/database";
import { keptDatabase } from "@potstats/db/testing/kept";
import { fillIndex } from "@potstats/search/fill";
import { createSearch } from "@potstats/search/search";
import { type AppOptions, createApp } from "../app.ts";
import { BackendStats } from "../monitoring/backend-stats.ts";
import { createCache } from "../cache/cache.ts";
import { createGenerations } from "../cache/generations.ts";
import { insertForumData, makeForumData, type ForumData } from "./forum-data.ts";

export const timezone = "Europe/Berlin";

export interface TestServer {
  forum: ForumData;
  database: TestDatabase;
  /** The options that the server was created with. */
  options: AppOptions;
  /** Requests a path with its query, each time from a new client. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** The JSON of a successful response. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read arbitrary responses
  json(path: string): Promise<any>;
  stop(): Promise<void>;
}

/** The public URL of apps in tests. */
export const origin = "http://stats.example";

let clientCount = 0;
/** A connection from a new address, so that no limit per client applies. */
export function newClient() {
  const n = clientCount++;
  return { address: () => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}` };
}

/** Options of an app on a database. */
export function appOptions(database: TestDatabase, options: Partial<AppOptions> = {}): AppOptions {
  return {
    sql: database.sql,
    search: createSearch({ sql: database.sql, timezone }),
    cache: createCache(),
    stats: new BackendStats(),
    generations: createGenerations(database.sql),
    assets: new Map(),
    imprint: { name: "Erika Beispiel", contact_info: "erika@stats.example" },
    forumUrl: "https://forum.example",
    profilesUrl: "https://profile.example",
    version: "1.2.3",
    publicUrl: origin,
    log: (line) => {
      if (line["level"] === "error") console.error(line);
    },
    ...options,
  };
}

/** Creates an app on a database. @returns a function that requests a path with its query */
export function askApp(database: TestDatabase, options: Partial<AppOptions> = {}) {
  const app = createApp(appOptions(database, options));
  return async (path: string, init?: RequestInit) => app.fetch(new Request(origin + path, init));
}

/** Runs the analytics in full, which creates a new data generation. */
export const reanalyze = ({ sql }: Pick<TestDatabase, "sql">) =>
  analyze({ sql, timezone, forumUrl: "https://forum.example", full: true });

/** Fills the search index. */
export const index = ({ sql }: TestDatabase) => fillIndex({ sql });

async function insertAndAnalyze(sql: Sql, forum: ForumData): Promise<void> {
  await insertForumData(sql, forum);
  await reanalyze({ sql });
}

/** A new database that contains the usual forum, analyzed. */
async function usualDatabase(): Promise<TestDatabase> {
  const { name } = await keptDatabase({
    kind: "small",
    sources: ["bun.lock", "patches/*", "{analytics,bbcode,cli,db}/**/*.{ts,sql}", "server/testing/*.ts"],
    fill: (sql) => insertAndAnalyze(sql, makeForumData()),
  });
  return testDatabase(name);
}

/** A new database that contains a forum, analyzed. */
async function databaseOf(forum: ForumData): Promise<TestDatabase> {
  const database = await testDatabase();
  try {
    await insertAndAnalyze(database.sql, forum);
    return database;
  } catch (error) {
    await database.drop();
    throw error;
  }
}

/** A server on a new database that contains the forum. @param own instead of the usual forum */
export async function testServer(options: Partial<AppOptions> = {}, own?: ForumData): Promise<TestServer> {
  const forum = own ?? makeForumData();
  const database = own ? await databaseOf(own) : await usualDatabase();
  const allOptions = appOptions(database, options);
  const app = createApp(allOptions);
  const ask = async (path: string, init?: RequestInit) => app.fetch(new Request(origin + path, init), newClient());
  return {
    forum,
    database,
    options: allOptions,
    ask,
    json: async (path) => {
      const response = await ask(path);
      const body = await response.json();
      expect({ path, status: response.status, body }).toMatchObject({ status: 200 });
      return body;
    },
    stop: () => database.drop(),
  };
}
