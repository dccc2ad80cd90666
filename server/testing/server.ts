/** A server for tests: a real database with a small forum in it, analysed and indexed; asked without a port. */
import { expect } from "bun:test";
import { analyze } from "@potstats/analytics/analyze";
import { testDatabase, type TestDatabase } from "@potstats/db/testing/database";
import { fillIndex } from "@potstats/search/fill";
import { createSearch } from "@potstats/search/search";
import { type AppOptions, createApp } from "../app.ts";
import { BackendStats } from "../watch/backend-stats.ts";
import { createCache } from "../cache/cache.ts";
import { createGenerations } from "../cache/generations.ts";
import { insertWorld, makeWorld, type World } from "./world.ts";

export const timezone = "Europe/Berlin";

export interface TestServer {
  world: World;
  database: TestDatabase;
  /** What the server is made of; to make another one. */
  options: AppOptions;
  /** Asks for a path with its query, each time as somebody else. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** The JSON of a successful answer. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into every answer
  json(path: string): Promise<any>;
  stop(): Promise<void>;
}

/** Where the app believes to be. */
export const origin = "http://stats.example";

let strangers = 0;
/** A connection from an address that nobody had before, which no limit holds up. */
export function stranger() {
  const n = strangers++;
  return { address: () => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}` };
}

/** What an app is made of, over a database. */
export function appOptions(database: TestDatabase, more: Partial<AppOptions> = {}): AppOptions {
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
    ...more,
  };
}

/** Derives everything again, which is a new data generation. */
export const rebake = ({ sql }: TestDatabase) =>
  analyze({ sql, timezone, forumUrl: "https://forum.example", full: true });

/** Makes posts and threads searchable. */
export const index = ({ sql }: TestDatabase) => fillIndex({ sql });

/** A server over a fresh database that holds the world. */
export async function testServer(more: Partial<AppOptions> = {}, world = makeWorld()): Promise<TestServer> {
  const database = await testDatabase();
  try {
    await insertWorld(database.sql, world);
    await rebake(database);
  } catch (error) {
    await database.drop();
    throw error;
  }
  const options = appOptions(database, more);
  const app = createApp(options);
  const ask = async (path: string, init?: RequestInit) => app.fetch(new Request(origin + path, init), stranger());
  return {
    world,
    database,
    options,
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
