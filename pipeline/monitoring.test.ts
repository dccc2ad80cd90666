/** The dashboard and the alert rules fit the metrics of a running server. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { insertThread, testDatabase } from "@potstats/db/testing/database";
import type { Sql } from "@potstats/db/connect";
import { Metrics } from "@potstats/server/monitoring/metrics";
import { createStageMetrics } from "@potstats/server/monitoring/stage-metrics";
import type { AppOptions } from "@potstats/server/app";
import { evaluate, hourBetween } from "./testing/evaluate-promql.ts";
import { parseQuery, readSamples, type Sample, samplesIn } from "./testing/promql.ts";
import { serveForum, type ServedForum } from "./testing/stages.ts";

const folder = join(import.meta.dirname, "../monitoring");
let served: ServedForum;
const cache = { backend: "memory", failures: () => 0, size_bytes: () => 0 } as unknown as AppOptions["cache"];
const counted = { version: "1", cache, running: () => 0, connections: 1 };
let samples: Map<string, Record<string, string>[]>;

beforeAll(async () => {
  served = await serveForum({ seed: 3, posts: 1000, years: 3 });
  for (const path of ["/api/boards", "/api/boards", "/"]) await (await fetch(served.url + path)).text();
  samples = samplesIn(await (await fetch(`${served.url}/metrics`)).text());
  // Only a replica has a lag, and only a server with one can bypass it.
  const ofServer = samplesIn(String(new Metrics({ ...counted, bypassesReplica: () => true }).render().body));
  for (const [name, labels] of ofServer) if (!samples.has(name)) samples.set(name, labels);
  const replica = (async () => [{ replica_lag_s: 7, indexes: [] }]) as unknown as Sql;
  const ofReplica = await createStageMetrics({
    sql: Object.assign(replica, { unsafe: () => "" }),
    search: { health: async () => ({ engine: "postgres", reachable: true }) } as unknown as AppOptions["search"],
  })();
  for (const { name } of ofReplica) if (!samples.has(name)) samples.set(name, [{}]);
  // Prometheus's own.
  samples.set("up", [{}]);
}, 60_000);
afterAll(() => served?.stop());

/** Labels that Prometheus adds to all samples of the job. */
const added = { job: "potstats", instance: "127.0.0.1:3000" };

/** What a query refers to that does not exist. */
function problemsOf(expression: string): string[] {
  const { selectors, grouping } = parseQuery(expression);
  const problems: string[] = [];
  const labels = new Set<string>();
  for (const { metric, matchers } of selectors) {
    const found = (samples.get(metric) ?? []).map((sample): Record<string, string> => ({ ...sample, ...added }));
    if (found.length === 0) problems.push(`${metric} does not exist`);
    for (const sample of found) for (const label of Object.keys(sample)) labels.add(label);
    for (const { label, operator, value } of matchers) {
      const values = found.map((sample) => sample[label]);
      const isKnown =
        operator === "=" && label !== "status" ? values.includes(value) : values.some((each) => each !== undefined);
      if (!isKnown) problems.push(`${metric} has no ${label}${operator}"${value}"`);
    }
  }
  for (const label of grouping) if (!labels.has(label)) problems.push(`no metric has the label ${label}`);
  if (selectors.length === 0) problems.push("selects nothing");
  return problems;
}

interface Rule {
  alert: string;
  expr: string;
  labels: { severity?: string };
  annotations: { summary?: string; description?: string };
}

const { groups } = Bun.YAML.parse(readFileSync(join(folder, "alerts.yml"), "utf8")) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap(({ rules: all }) => all);

test("alert rules: metrics and labels exist, and each says what happened and what to do", () => {
  expect(rules.length).toBeGreaterThan(12);
  for (const { alert, expr, labels, annotations } of rules) {
    expect([alert, problemsOf(expr)]).toEqual([alert, []]);
    expect(["page", "ticket"]).toContain(labels.severity ?? "");
    const { summary = "", description = "" } = annotations;
    expect([alert, summary.length > 20 && summary.length < 120, description.length > 100]).toEqual([alert, true, true]);
    // Something to type, to look at, or to set.
    expect(description).toMatch(/`[^`]+`|restart|silence|[A-Z]+_[A-Z]+/i);
    const { selectors, grouping } = parseQuery(expr);
    const kept = /\b(sum|max|min|count) ?(by|\()/.test(expr)
      ? grouping
      : selectors.flatMap(({ metric }) => Object.keys({ ...samples.get(metric)?.[0], ...added }));
    const named = [...(summary + description).matchAll(/\$labels\.(\w+)/g)].map((match) => match[1] ?? "");
    expect([alert, named.filter((name) => !kept.includes(name))]).toEqual([alert, []]);
  }
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
});

/** The alerts that fire, without the Potstats that all of them begin with. */
function firing(before: Sample[], now: Sample[]): string[] {
  const scrapes = hourBetween(before, now);
  const fires = rules.filter(({ expr }) => evaluate(expr, scrapes).length > 0);
  return fires.map(({ alert }) => alert.replace("Potstats", ""));
}

test("alert rules: a healthy server raises none, whatever it does", async () => {
  const scraped = readSamples(await (await fetch(`${served.url}/metrics`)).text());
  // The process of the tests is larger than a server.
  const quiet = scraped.map((sample) =>
    sample.metric === "process_resident_memory_bytes" ? { ...sample, value: 300e6 } : sample,
  );
  const isUp = { metric: "up", labels: added, value: 1 };
  const now = [isUp, ...quiet.map((sample) => ({ ...sample, labels: { ...sample.labels, ...added } }))];
  expect(now.length).toBeGreaterThan(60);
  expect(firing(now, now)).toEqual([]);
  const isBusy = ({ metric }: Sample) => /^potstats_(crawl_requests|cache_hits)_total/.test(metric);
  const before = now.map((sample) => (isBusy(sample) ? { ...sample, value: sample.value - 10_000 } : sample));
  expect(firing(before, now)).toEqual([]);
  expect(firing(now, [{ ...isUp, value: 0 }])).toEqual(["ServerDown"]);
});

/** What the database of a test says. Times are ages in hours. */
interface Progress {
  posts: number;
  finished_h?: number;
  /** Requests to the forum in the last hour. */
  requests?: number;
  analyzed_h?: number;
  indexed_h?: number;
  meilisearch?: boolean;
}

async function firingAfter(sql: Sql, progress: Progress): Promise<string[]> {
  const { posts, finished_h = null, requests = 0, analyzed_h, indexed_h, meilisearch = false } = progress;
  const ago = (age_h: number | null) => (age_h === null ? null : new Date(Date.now() - age_h * 3_600_000));
  await sql`truncate worldeater_state, baked.analysis, search.state`;
  await sql`delete from posts`;
  await sql`insert into posts (pid, tid, revision) select i, 1, i from generate_series(1, ${posts}) as i`;
  await sql`
    insert into worldeater_state (singleton, num_api_requests, last_crawl_started_at, last_crawl_finished_at)
    values (0, 50, now(), ${ago(finished_h)})`;
  if (analyzed_h !== undefined)
    await sql`
      insert into baked.analysis (singleton, version, generation, timezone, forum_url, revision, started_at, finished_at, counts)
      values (0, 1, 'g', 'UTC', '', 10, ${ago(analyzed_h)}, ${ago(analyzed_h)}, '{"posts": 10}')`;
  if (indexed_h !== undefined)
    await sql`
      insert into search.state (engine, version, generation, analysis_generation, revision, timezone, post_count, thread_count, index_id, is_changing, finished_at)
      values ('postgres', 1, 'g', 'g', 10, 'UTC', 1, 1, '', false, ${ago(indexed_h)})`;
  const search = {
    health: async () => ({ engine: "postgres", reachable: !meilisearch }),
  } as unknown as AppOptions["search"];
  const scrape = async () =>
    readSamples(String(new Metrics(counted).render(await createStageMetrics({ sql, search })()).body));
  const before = await scrape();
  await sql`update worldeater_state set num_api_requests = num_api_requests + ${requests}`;
  return firing(before, await scrape());
}

test("alert rules: stages that have never succeeded, or not for hours", async () => {
  const { sql, drop } = await testDatabase();
  try {
    await insertThread(sql, 1);
    const after = (progress: Progress) => firingAfter(sql, progress);
    // Nothing was ever crawled; the forum refuses the first crawl; it refuses the rest of it.
    expect(await after({ posts: 0 })).toEqual(["FirstCrawlStuck"]);
    expect(await after({ posts: 0, requests: 40 })).toEqual(["FirstCrawlStuck"]);
    expect(await after({ posts: 20, requests: 40 })).toEqual(["FirstCrawlStuck", "AnalysisLate", "IndexLate"]);
    // The first crawl takes days.
    expect(await after({ posts: 20, requests: 20_000 })).toEqual([]);
    expect(await after({ posts: 20, requests: 20_000, analyzed_h: 5, indexed_h: 5 })).toEqual([]);
    // A restored database, or one whose analyses fail; then one whose index runs do.
    expect(await after({ posts: 20, finished_h: 1 })).toEqual(["AnalysisLate", "IndexLate"]);
    expect(await after({ posts: 20, finished_h: 0, requests: 20_000 })).toEqual(["AnalysisLate", "IndexLate"]);
    expect(await after({ posts: 20, finished_h: 1, analyzed_h: 0.1 })).toEqual(["IndexLate"]);
    expect(await after({ posts: 20, finished_h: 1, analyzed_h: 0.1, indexed_h: 5 })).toEqual(["IndexLate"]);
    expect(await after({ posts: 20, finished_h: 1, analyzed_h: 5, indexed_h: 0.1 })).toEqual(["AnalysisLate"]);
    expect(await after({ posts: 10, finished_h: 5, analyzed_h: 5, indexed_h: 5 })).toEqual(["CrawlLate"]);
    // Meilisearch's index was never filled; then none is configured.
    const done = { posts: 20, finished_h: 1, analyzed_h: 0.1, indexed_h: 0.1 };
    expect(await after({ ...done, meilisearch: true })).toEqual(["IndexLate", "MeilisearchUnused"]);
    expect(await after(done)).toEqual([]);
  } finally {
    await drop();
  }
});

interface Panel {
  id: number;
  title: string;
  type: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { refId: string; expr: string }[];
  fieldConfig?: {
    defaults: { unit?: string };
    overrides: { matcher: { id: string; options: string }; properties: { id: string; value: unknown }[] }[];
  };
}

const dashboard = JSON.parse(readFileSync(join(folder, "grafana-dashboard.json"), "utf8")) as { panels: Panel[] };

test("dashboard: metrics and labels exist, panels have texts and do not overlap, and no metric is forgotten", () => {
  const shown = new Set<string>();
  const taken = new Map<string, string>();
  for (const { title, type, description = "", gridPos, targets = [] } of dashboard.panels) {
    expect([title, type === "row" || (targets.length > 0 && description.length > 10)]).toEqual([title, true]);
    for (const { expr } of targets) {
      const query = expr.replaceAll("$__rate_interval", "5m").replaceAll("$instance", ".*");
      expect([title, problemsOf(query)]).toEqual([title, []]);
      for (const { metric } of parseQuery(query).selectors) shown.add(metric.replace(/_bucket$/, ""));
    }
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        expect([title, taken.get(`${x},${y}`), x < 24]).toEqual([title, undefined, true]);
        taken.set(`${x},${y}`, title);
      }
  }
  const ids = dashboard.panels.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const exported = [...samples.keys()].map((name) => name.replace(/_(bucket|sum|count)$/, ""));
  expect([...new Set(exported)].filter((name) => !shown.has(name))).toEqual([]);
});

/** What panels' descriptions mention, and the metric that shows it. */
const mentioned: [words: RegExp, metric: string][] = [
  [/oldest check/i, "potstats_crawl_oldest_check_timestamp_seconds"],
  [/last complete crawl/i, "potstats_crawl_finished_timestamp_seconds"],
  [/last start of a crawl/i, "potstats_crawl_started_timestamp_seconds"],
  [/index run/i, "potstats_index_finished_timestamp_seconds"],
  [/responses in memory/i, "potstats_cache_memory_bytes"],
  [/failed calls/i, "potstats_cache_failures_total"],
  [/\bversions?\b/i, "potstats_build_info"],
  [/replicas/i, "potstats_replica_lag_seconds"],
];

test("dashboard: panels show what their descriptions say, in the metrics' units", () => {
  const problems: string[] = [];
  for (const { title, description = "", targets = [], fieldConfig } of dashboard.panels) {
    const drawn = targets.map(({ expr }) => expr).join(" ");
    for (const [words, metric] of mentioned)
      if (words.test(description) && !drawn.includes(metric)) problems.push(`${title}: ${words} without ${metric}`);
    const overrides = fieldConfig?.overrides ?? [];
    for (const { matcher } of overrides)
      if (matcher.id !== "byFrameRefID" || !targets.some(({ refId }) => refId === matcher.options))
        problems.push(`${title}: an override of ${matcher.id} ${matcher.options}`);
    for (const { refId, expr } of targets) {
      const own = overrides.find(({ matcher }) => matcher.options === refId)?.properties;
      const unit = own?.find(({ id }) => id === "unit")?.value ?? fieldConfig?.defaults.unit;
      const ofMetric = expr.includes("_seconds") ? ["s"] : expr.includes("_bytes") ? ["bytes", "Bps"] : [];
      const isRight = ofMetric.length > 0 ? ofMetric.includes(String(unit)) : !/^(s|bytes|Bps)$/.test(String(unit));
      if (!isRight) problems.push(`${title}: ${expr} in ${String(unit)}`);
    }
  }
  expect(problems).toEqual([]);
});

test("the stages' metrics are true", async () => {
  const value = (name: string, labels = "") =>
    fetch(`${served.url}/metrics`)
      .then((response) => response.text())
      .then((text) =>
        Number(
          text
            .split("\n")
            .find((line) => line.startsWith(`${name}${labels} `))
            ?.split(" ")[1],
        ),
      );
  const { sql } = served;
  const [{ posts = 0 } = {}] = await sql<{ posts: number }[]>`select count(*) as posts from posts`;
  const [{ finished = 0 } = {}] = await sql<{ finished: number }[]>`
    select extract(epoch from last_crawl_finished_at)::float8 as finished from worldeater_state`;
  expect(await value("potstats_database_up")).toBe(1);
  expect(await value("potstats_crawl_posts_total", '{change="added"}')).toBe(posts);
  expect(await value("potstats_crawl_finished_timestamp_seconds")).toBe(finished);
  expect(Math.abs(finished - Date.now() / 1000)).toBeLessThan(120);
  expect(await value("potstats_analysis_pending_posts")).toBe(0);
  expect(await value("potstats_index_pending_posts", '{engine="postgres"}')).toBe(0);
  expect(await value("potstats_crawl_queued_threads")).toBe(0);
});
