/** Settings of a server for tests. */
import type { ServeSettings } from "../serve.ts";

/** A server on any free port, with nothing beside it: no Redis, and no Meilisearch, so that PostgreSQL searches. */
export const serveSettings = (more: Partial<ServeSettings> & Pick<ServeSettings, "DATA_DIR">): ServeSettings => ({
  PORT: 0,
  HOST: "127.0.0.1",
  DATABASE_URL: undefined,
  DATABASE_REPLICA_URL: undefined,
  REDIS_URL: undefined,
  UPSTASH_REDIS_REST_URL: undefined,
  UPSTASH_REDIS_REST_TOKEN: undefined,
  // Nobody listens there.
  MEILI_URL: "http://127.0.0.1:9",
  MEILI_MASTER_KEY: undefined,
  FORUM_URL: "https://forum.example",
  PROFILES_URL: "https://profile.example",
  STATS_TIMEZONE: "Europe/Berlin",
  IMPRINT_NAME: "",
  IMPRINT_CONTACT: "",
  ...more,
});
