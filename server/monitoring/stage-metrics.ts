/** Metrics of the stages that run in other processes. All servers read the same ones from the database. */
import { timeout, TimeoutStrategy } from "cockatiel";
import type { EngineName, Search } from "@potstats/search/contract";
import { readStages, type Stages } from "../queries/stages.ts";
import type { Sql } from "../queries/selection.ts";
import type { Family } from "./metrics.ts";

/** Milliseconds for which a result is used again, however many scrapers there are. */
const maxAge_ms = 5000;
/** Less than a scraper's timeout, which is ten seconds by default. */
const readTimeout = timeout(3000, TimeoutStrategy.Aggressive);

/** Reads the metrics. While the database is down, that is all they say. */
export function createStageMetrics({ sql, search }: { sql: Sql; search: Search }): () => Promise<Family[]> {
  let latest: Family[] = [];
  let read_ms = -Infinity;
  let reading: Promise<Family[]> | undefined;
  const read = async () => {
    const started_ms = performance.now();
    const health = await search.health().catch(() => null);
    const stages = await readTimeout.execute(() => readStages(sql, filledEngines(health))).catch(() => null);
    latest = [...familiesOf(stages), ...searchFamilies(health)];
    read_ms = started_ms;
    return latest;
  };
  return async () => {
    if (performance.now() - read_ms < maxAge_ms) return latest;
    return (reading ??= read().finally(() => (reading = undefined)));
  };
}

const engines = ["meilisearch", "postgres"] as const;

type Health = Awaited<ReturnType<Search["health"]>> | null;

/** The engines whose index is to be filled. Nothing fills that of a Meilisearch that is not configured. */
function filledEngines(health: Health): EngineName[] {
  const isMeilisearchUsed = health && (health.engine === "meilisearch" || !health.reachable);
  return isMeilisearchUsed ? [...engines] : ["postgres"];
}

type Samples = Family["samples"];
const sample = (value: number | null, labels = ""): Samples => (value === null ? [] : [[labels, value]]);

function familiesOf(stages: Stages | null): Family[] {
  const isUp: Family = {
    name: "potstats_database_up",
    type: "gauge",
    help: "Whether the database answers.",
    samples: sample(stages ? 1 : 0),
  };
  if (!stages) return [isUp];
  const gauge = (name: string, help: string, samples: Samples): Family => ({ name, type: "gauge", help, samples });
  const counter = (name: string, help: string, samples: Samples): Family => ({ name, type: "counter", help, samples });
  const { indexes } = stages;
  return [
    isUp,
    gauge("potstats_crawl_started_timestamp_seconds", "Start of the last crawl.", sample(stages.crawl_started_s)),
    gauge(
      "potstats_crawl_finished_timestamp_seconds",
      "End of the last complete crawl.",
      sample(stages.crawl_finished_s),
    ),
    gauge(
      "potstats_crawl_oldest_check_timestamp_seconds",
      "Oldest check of a thread, if every thread has been checked.",
      sample(stages.oldest_check_s),
    ),
    gauge(
      "potstats_crawl_queued_threads",
      "Threads that the crawler still has to read.",
      sample(stages.queued_threads),
    ),
    counter("potstats_crawl_posts_total", "Posts that crawls added, changed or found to be hidden.", [
      ['{change="added"}', stages.posts_added],
      ['{change="changed"}', stages.posts_changed],
      ['{change="hidden"}', stages.posts_hidden],
    ]),
    counter("potstats_crawl_requests_total", "Requests of all crawls to the forum.", sample(stages.requests)),
    counter("potstats_crawl_retries_total", "Requests to the forum that were repeated.", sample(stages.retries)),
    counter("potstats_crawl_received_bytes_total", "Bytes received from the forum.", sample(stages.received_bytes)),
    gauge(
      "potstats_analysis_finished_timestamp_seconds",
      "End of the last analysis.",
      sample(stages.analysis_finished_s),
    ),
    gauge("potstats_analysis_duration_seconds", "Duration of the last analysis.", sample(stages.analysis_duration_s)),
    gauge(
      "potstats_analysis_pending_posts",
      "Posts that changed since the last analysis, or all if there was none, up to 100000.",
      sample(stages.analysis_pending_posts),
    ),
    gauge("potstats_posts", "Posts that the statistics count.", sample(stages.posts)),
    gauge(
      "potstats_index_finished_timestamp_seconds",
      "End of the last run that changed this engine's index.",
      indexes.flatMap(({ engine, finished_s }) => sample(finished_s, `{engine="${engine}"}`)),
    ),
    gauge(
      "potstats_index_pending_posts",
      "Posts that changed since this engine's index was filled, or all if it never was, up to 100000.",
      indexes.map(({ engine, pending_posts }) => [`{engine="${engine}"}`, pending_posts]),
    ),
    gauge(
      "potstats_replica_lag_seconds",
      "How far behind the replica is, if this server reads from one.",
      sample(stages.replica_lag_s),
    ),
  ];
}

function searchFamilies(health: Health): Family[] {
  if (!health) return [];
  return [
    {
      name: "potstats_search_engine",
      type: "gauge",
      help: "The engine that answers searches: 1 for that one.",
      samples: engines.map((engine) => [`{engine="${engine}"}`, health.engine === engine ? 1 : 0]),
    },
    {
      name: "potstats_search_reachable",
      type: "gauge",
      help: "Whether the configured Meilisearch is up, with a complete index; 1 if none is configured.",
      samples: sample(health.reachable ? 1 : 0),
    },
  ];
}
