import { type ServeSettings, withDefaults } from "../serve.ts";

/** Settings for a test server: any free port, no Redis or Meilisearch (so PostgreSQL searches), no rate limit. */
export const serveSettings = (settings: Partial<ServeSettings> & Pick<ServeSettings, "DATA_DIR">): ServeSettings =>
  withDefaults({
    PORT: 0,
    // Nothing listens on this port.
    MEILI_URL: "http://127.0.0.1:9",
    FORUM_URL: "https://forum.example",
    PROFILES_URL: "https://profile.example",
    SEARCH_RATE: 0,
    ...settings,
  });
