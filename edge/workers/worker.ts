/** The app as a Worker. */
import { provideLexicon } from "@potstats/search/words/lexicon";
import { packedLexicon } from "@potstats/search/words/packed-lexicon";
import { createApp } from "@potstats/server/app";
import { appOptionsOf } from "@potstats/server/app-options";
import { createCache, storeTimeout_ms } from "@potstats/server/cache/cache";
import { createGenerations } from "@potstats/server/cache/generations";
import type { Store } from "@potstats/server/cache/store";
import { upstashStore } from "@potstats/server/cache/upstash";
import { retryAfter_s } from "@potstats/server/http/errors";
import { errorResponse, toResponse } from "@potstats/server/http/response";
import { targetOf } from "@potstats/server/http/target";
import { BackendStats } from "@potstats/server/monitoring/backend-stats";
import { openLog } from "@potstats/server/monitoring/log";
import { Files } from "./files.ts";
import { currentDatabase, currentSearch, inScope, keepAlive, type WaitUntil } from "./scope.ts";
import { type Environment, readWorkerSettings, type WorkerSettings } from "./settings.ts";

/** Size of the cached responses in memory: an isolate may use 128 MB in total. */
const memorySize_bytes = 16 * 1024 * 1024;
/** Milliseconds between exchanges of counters with the store. */
const exchangeInterval_ms = 1000;

const retryAfter = { "Retry-After": String(retryAfter_s) };

interface Worker {
  fetch(request: Request, environment: Environment, context: { waitUntil: WaitUntil }): Promise<Response>;
}

/** @param lexicon packed */
export function createWorker(lexicon: string): Worker {
  let isolate: Isolate | undefined;
  provideLexicon(packedLexicon(lexicon));
  return {
    async fetch(request, environment, context) {
      try {
        // Not at the start: settings come with a request, and outside of one there is no randomness.
        isolate ??= new Isolate(readWorkerSettings(environment));
      } catch (error) {
        console.error(error instanceof Error ? error.message : error);
        return toResponse(errorResponse(503, "the operator has to correct the settings: the log says which"));
      }
      return isolate.respond(request, environment, (promise) => context.waitUntil(promise));
    },
  };
}

/** The app, which lives as long as its isolate. What belongs to single requests is in scope.ts. */
class Isolate {
  private readonly files: Files;
  private readonly stats: BackendStats;
  private readonly create: () => ReturnType<typeof createApp>;
  private readonly settings: WorkerSettings;
  private app: ReturnType<typeof createApp> | undefined;
  private exchanged_ms = 0;

  constructor(settings: WorkerSettings) {
    this.settings = settings;
    this.files = new Files(settings.BASE_PATH);
    const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = settings;
    const store = url && token ? keptAlive(upstashStore(url, token, storeTimeout_ms)) : undefined;
    const cache = createCache(store, (message) => console.warn(message), memorySize_bytes);
    this.stats = new BackendStats(store, cache.clear, false);
    const log = openLog(settings.LOG_LEVEL, (lines) => console.log(lines.trimEnd()));
    this.create = () =>
      createApp(
        appOptionsOf(settings, settings.PUBLIC_URL, currentDatabase, {
          generations: createGenerations(currentDatabase.shared, false),
          search: currentSearch,
          sharesWork: false,
          cache,
          stats: this.stats,
          assets: this.files,
          log: (line) => {
            log.line(line);
            log.flush();
          },
          // Each isolate would tell its own numbers.
          metricsToken: undefined,
        }),
      );
  }

  respond(request: Request, environment: Environment, waitUntil: WaitUntil): Promise<Response> {
    return inScope(this.settings, waitUntil, async () => {
      try {
        // The document is part of the app. Each of the first requests loads it, because none may wait for another one.
        if (!this.app) await this.files.load("/index.html", environment);
        await this.files.load(targetOf(request.url, this.settings.BASE_PATH).path, environment);
      } catch (error) {
        console.error("the application's files cannot be read:", error);
        return toResponse(errorResponse(503, "the application's files cannot be read at the moment", retryAfter));
      }
      this.app ??= this.create();
      const response = await this.app.fetch(request, { address: () => addressOf(request) });
      this.exchangeCounters(waitUntil);
      return response;
    });
  }

  private exchangeCounters(waitUntil: WaitUntil): void {
    if (Date.now() - this.exchanged_ms < exchangeInterval_ms) return;
    this.exchanged_ms = Date.now();
    waitUntil(this.stats.flush());
  }
}

/** The client's address, as Cloudflare tells it. Elsewhere, any client could claim one: use TRUST_PROXY there. */
const addressOf = (request: Request & { cf?: unknown }) =>
  request.cf === undefined ? undefined : (request.headers.get("CF-Connecting-IP") ?? undefined);

/** Lets writes end although no response waits for them. */
const keptAlive = (store: Store): Store => ({ ...store, set: (...args) => keepAlive(store.set(...args)) });
