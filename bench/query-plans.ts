/**
 * Checks that the API's queries are index lookups: runs every statement of every endpoint, with every kind of
 * selection, under `explain analyze`, and reports the statements that read too much.
 */
import type { Sql } from "@potstats/db/connect";
import { createSearch } from "@potstats/search/search";
import { createApp } from "@potstats/server/app";
import { BackendStats } from "@potstats/server/monitoring/backend-stats";
import type { Parameter } from "@potstats/server/testing/examples";
import { createCache } from "@potstats/server/cache/cache";
import { createGenerations } from "@potstats/server/cache/generations";

/**
 * A statement may read this many buffers (8 kB pages), and `buffersPerRow` more per returned row: up to three
 * lookups by key.
 */
const maxBuffers = 400;
const buffersPerRow = 12;

/** The search has its own limits; the other endpoints do not read posts. */
const skippedPaths = new Set(
  "/api/search /api/search/suggest /api/search/complete /api/search/passages /api/trends /api/feeds/search /api/docs /api/openapi.json /api/backend-stats /api/imprint".split(
    " ",
  ),
);

/** Tables that may be read completely: they grow with boards, years or (recent) users, not with posts. */
const smallTables = new Set(
  "analysis boards users yearly_stats weekday_stats hourly_stats thread_replies week_users cohorts year_streaks streak_records milestones state user_tiers avatars worldeater_state".split(
    " ",
  ),
);

/**
 * How many rows a scan may read in addition to those returned: one per day of all years, also of a user, or one per user
 * for a rank.
 */
const maxRows: Record<string, number> = {
  daily_stats: 10_000,
  daily_threads: 10_000,
  poster_stats: 5000,
  user_days: 10_000,
  users: 5000,
  // A user's pairs of all years, which are summed for a board.
  quote_graph: 10_000,
  user_streaks: 5000,
  week_users: 5000,
};
const otherMaxRows = 500;

/**
 * How many rows a scan may read and discard: the users of a year or board are filtered and sorted when asked, whom a
 * user quotes in a board is found among those of all boards.
 */
const maxDiscarded: Record<string, number> = { poster_stats: 5000, quote_graph: 10_000 };

interface Plan {
  "Node Type": string;
  "Relation Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  "Shared Hit Blocks": number;
  "Shared Read Blocks": number;
  "Temp Read Blocks": number;
  Plans?: Plan[];
}

interface QueryPlanReport {
  requests: number;
  /** The number of distinct combinations of statement and parameters. */
  statements: number;
  /** The statement that reads the most buffers, apart from `buffersPerRow`. */
  max: { buffers: number; rows: number; path: string };
  /** Descriptions of statements over the limit. */
  problems: string[];
}

interface Statement {
  text: string;
  parameters: unknown[];
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** Describes where a plan exceeds the limits. */
function problemsOf(plan: Plan): string[] {
  const buffers = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] + plan["Temp Read Blocks"];
  const rows = plan["Actual Rows"];
  const problems: string[] = [];
  if (buffers > maxBuffers + buffersPerRow * rows) problems.push(`${buffers} buffers for ${rows} rows`);
  for (const node of nodesOf(plan)) {
    const table = node["Relation Name"];
    if (table === undefined) continue;
    const removed = (node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0);
    const read = Math.round((node["Actual Rows"] + removed) * node["Actual Loops"]);
    if (node["Node Type"].includes("Seq Scan") && !smallTables.has(table)) problems.push(`sequential scan of ${table}`);
    if (read > (maxRows[table] ?? otherMaxRows) + buffersPerRow * rows)
      problems.push(`${read} rows of ${table} read for ${rows} returned`);
    if (!smallTables.has(table) && removed * node["Actual Loops"] > (maxDiscarded[table] ?? otherMaxRows))
      problems.push(`${removed * node["Actual Loops"]} rows of ${table} read and discarded`);
  }
  return problems;
}

/** Values to try for each parameter: expensive and ordinary ones. */
async function valuesOf(sql: Sql): Promise<Record<string, (string | undefined)[]>> {
  const column = async (statement: string) => (await sql.unsafe(statement)).map((row) => String(Object.values(row)[0]));
  const users = await column(`
    (select uid from baked.poster_stats where year = 0 and bid = 0 order by post_count desc, uid limit 1)
    union all (select uid from baked.poster_stats where year = 0 and bid = 0 order by post_count, uid limit 1)`);
  const boards = await column(`
    (select bid from baked.yearly_stats where year = 0 and bid > 0 order by post_count desc limit 1)
    union all (select bid from baked.yearly_stats where year = 0 and bid > 0 order by post_count limit 1)`);
  const threads = await column(`
    (select tid from baked.thread_stats order by post_count desc, tid limit 1)
    union all (select tid from baked.thread_stats order by participants desc, tid limit 1)
    union all (select tid from baked.thread_stats order by post_count, tid limit 1)`);
  const years = await column(
    "select year from baked.yearly_stats where bid = 0 and year > 0 order by post_count desc limit 1",
  );
  return {
    year: [undefined, ...years],
    bid: [undefined, ...boards],
    uid: users,
    with: await column(`
      select uid from baked.poster_stats where year = 0 and bid = 0 order by post_count desc, uid offset 1 limit 1`),
    user: [undefined],
    limit: ["1", "10000"],
    min_posts: [undefined, "20"],
    tid: threads,
    order: ["desc", "asc"],
    date: ["02-29", "05-01"],
    statistic: ["active_users"],
    type: [undefined, "image"],
    direction: ["quoting", "quoted_by"],
    day: await column("select day from baked.daily_stats where bid = 0 order by post_count desc limit 1"),
    domain: await column("select domain from baked.domains where year = 0 and type = '' order by count desc limit 1"),
    q: ["n", "nutzer 12", "x"],
    csv: [undefined],
    lang: [undefined],
    following_uid: [undefined],
    following_tid: [undefined],
    following_ob: [undefined],
  };
}

/** All combinations of an endpoint's parameters with these values or, if there are none, those of its enumeration. */
function requestsTo(path: string, parameters: Parameter[], values: Record<string, (string | undefined)[]>): string[] {
  let queries = [new URLSearchParams()];
  for (const { name, required = false, schema } of parameters) {
    const known = values[name] ?? schema.enum;
    if (!known) throw new Error(`${path}: no values for the parameter ${name}`);
    const choices = name === "uid" && !required ? [undefined, ...known] : known;
    queries = queries.flatMap((query) =>
      choices.map((value) => {
        const next = new URLSearchParams(query);
        if (value !== undefined) next.set(name, value);
        return next;
      }),
    );
  }
  return queries.map((query) => `${path}?${query}`);
}

/**
 * Requests every endpoint except the search with every kind of selection, and checks the plan of each statement.
 * @param sql an analyzed database, for exclusive use
 */
export async function checkQueryPlans(sql: Sql): Promise<QueryPlanReport> {
  let sent: Statement[] = [];
  const options = sql.options as unknown as { debug: unknown };
  const app = createApp({
    sql,
    search: createSearch({ sql, timezone: "Europe/Berlin" }),
    cache: createCache(),
    stats: new BackendStats(),
    generations: createGenerations(sql),
    assets: new Map(),
    imprint: { name: "", contact_info: "" },
    forumUrl: "http://forum.example",
    profilesUrl: "http://profile.example",
    version: "0",
  });
  const description = (await (await app.fetch(new Request("http://stats.example/api/openapi.json"))).json()) as {
    paths: Record<string, { get: { parameters?: Parameter[] } }>;
  };
  const values = await valuesOf(sql);
  const result: QueryPlanReport = { requests: 0, statements: 0, max: { buffers: 0, rows: 0, path: "" }, problems: [] };
  const checked = new Set<string>();

  const check = async (path: string): Promise<unknown> => {
    sent = [];
    options.debug = (_connection: number, text: string, parameters: unknown[]) => sent.push({ text, parameters });
    const response = await app.fetch(
      new Request(`http://stats.example${path}${path.includes("?") ? "&" : "?"}nocache`),
    );
    options.debug = false;
    // Feeds and badges are no JSON.
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json") === true;
    const body: unknown = await (isJson ? response.json() : response.text());
    // Some endpoints require a year, and a recap is not of a user and a board at once.
    if (response.status === 400 && (!path.includes("year=") || /\/recap\?.*uid=.*bid=/.test(path))) return undefined;
    if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(body)}`);
    result.requests++;
    for (const { text, parameters } of sent) {
      const key = JSON.stringify([text, parameters]);
      if (checked.has(key) || !/\b(?:baked|public)"?\./.test(text)) continue;
      checked.add(key);
      result.statements++;
      const [row] = await sql.unsafe<{ "QUERY PLAN": { Plan: Plan }[] }[]>(
        `explain (analyze, buffers, format json) ${text}`,
        parameters as string[],
      );
      const plan = row?.["QUERY PLAN"][0]?.Plan;
      if (!plan) throw new Error(`no plan for ${text}`);
      for (const problem of problemsOf(plan))
        result.problems.push(`${path}: ${problem}\n${text.trim()}\n${JSON.stringify(parameters)}`);
      const buffers = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"];
      const extraBuffers = buffers - buffersPerRow * plan["Actual Rows"];
      if (extraBuffers > result.max.buffers - buffersPerRow * result.max.rows)
        result.max = { buffers, rows: plan["Actual Rows"], path };
    }
    return body;
  };

  for (const [path, { get }] of Object.entries(description.paths)) {
    if (skippedPaths.has(path)) continue;
    for (const target of requestsTo(path, get.parameters ?? [], values)) {
      let body = (await check(target)) as { next?: string } | undefined;
      // Follow `next` a few pages deep, as a client would.
      for (let page = 0; body?.next !== undefined && page < 2; page++) body = (await check(body.next)) as typeof body;
    }
  }
  return result;
}
