/** Settings of servers in tests. */
import { type ServeSettings, withDefaults } from "../serve.ts";

/** A server on any free port, without Redis and Meilisearch, so that PostgreSQL searches; no rate limit. */
export const serveSettings = (settings: Partial<ServeSettings> & Pick<ServeSettings, "DATA_DIR">): ServeSettings =>
  withDefaults({
    PORT: 0,
    // Nobody listens there.
    MEILI_URL: "http://127.0.0.1:9",
    FORUM_URL: "https://forum.example",
    PROFILES_URL: "https://profile.example",
    SEARCH_RATE: 0,
    ...settings,
  });
