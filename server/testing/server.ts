/** A server for tests, without a port, on a real database that contains a small, analyzed forum. */
import { expect } from "bun:test";
import { analyze } from "@potstats/analytics/analyze";
import { testDatabase, type TestDatabase } from "@potstats/db/testing/database";
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
export const reanalyze = ({ sql }: TestDatabase) =>
  analyze({ sql, timezone, forumUrl: "https://forum.example", full: true });

/** Fills the search index. */
export const index = ({ sql }: TestDatabase) => fillIndex({ sql });

/** A server on a new database that contains the forum. */
export async function testServer(options: Partial<AppOptions> = {}, forum = makeForumData()): Promise<TestServer> {
  const database = await testDatabase();
  try {
    await insertForumData(database.sql, forum);
    await reanalyze(database);
  } catch (error) {
    await database.drop();
    throw error;
  }
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
