# The Worker without Cloudflare, on workerd alone:
#
#   bun run edge:build
#   DATABASE_URL=… PUBLIC_URL=… workerd serve edge/workerd.capnp
#
# Settings are environment variables, as for any server. `--socket-addr http=0.0.0.0:8080` listens elsewhere, and
# `--directory-path files=…` says where the web application is if the command does not run in the checkout's root.

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    ( name = "main", worker = .worker ),
    ( name = "files", disk = ( path = "edge/dist/site" ) ),
    ( name = "internet", network = ( allow = ["public", "private"], tlsOptions = ( trustBrowserCas = true ) ) ),
  ],
  sockets = [ ( name = "http", address = "127.0.0.1:3000", http = (), service = "main" ) ],
);

const worker :Workerd.Worker = (
  modules = [
    ( name = "worker.js", esModule = embed "dist/worker.js" ),
    ( name = "lexicon.txt", text = embed "dist/lexicon.txt" ),
  ],
  compatibilityDate = "2026-11-01",
  compatibilityFlags = ["enable_request_signal"],
  bindings = [
    ( name = "ASSETS", service = "files" ),
    ( name = "DATABASE_URL", fromEnvironment = "DATABASE_URL" ),
    ( name = "DATABASE_REPLICA_URL", fromEnvironment = "DATABASE_REPLICA_URL" ),
    ( name = "UPSTASH_REDIS_REST_URL", fromEnvironment = "UPSTASH_REDIS_REST_URL" ),
    ( name = "UPSTASH_REDIS_REST_TOKEN", fromEnvironment = "UPSTASH_REDIS_REST_TOKEN" ),
    ( name = "MEILI_URL", fromEnvironment = "MEILI_URL" ),
    ( name = "MEILI_MASTER_KEY", fromEnvironment = "MEILI_MASTER_KEY" ),
    ( name = "STATS_TIMEZONE", fromEnvironment = "STATS_TIMEZONE" ),
    ( name = "FORUM_URL", fromEnvironment = "FORUM_URL" ),
    ( name = "PROFILES_URL", fromEnvironment = "PROFILES_URL" ),
    ( name = "IMPRINT_NAME", fromEnvironment = "IMPRINT_NAME" ),
    ( name = "IMPRINT_CONTACT", fromEnvironment = "IMPRINT_CONTACT" ),
    ( name = "SEARCH_RATE", fromEnvironment = "SEARCH_RATE" ),
    ( name = "TRUST_PROXY", fromEnvironment = "TRUST_PROXY" ),
    ( name = "ALLOW_ROBOTS", fromEnvironment = "ALLOW_ROBOTS" ),
    ( name = "FEEDS", fromEnvironment = "FEEDS" ),
    ( name = "PUBLIC_URL", fromEnvironment = "PUBLIC_URL" ),
    ( name = "BASE_PATH", fromEnvironment = "BASE_PATH" ),
    ( name = "LOG_LEVEL", fromEnvironment = "LOG_LEVEL" ),
  ],
);
