/**
 * Are the API's selections index look-ups? Every statement that an endpoint sends is asked for its plan, with what it really
 * read, in every kind of selection; what reads more than it should is told.
 */
import type { Sql } from "@potstats/db/connect";
import { createSearch } from "@potstats/search/search";
import { createApp } from "@potstats/server/app";
import { BackendStats } from "@potstats/server/watch/backend-stats";
import { createCache } from "@potstats/server/cache/cache";

import { createGenerations } from "@potstats/server/cache/generations";

/** Pages of 8 kB that a statement may touch, and beyond them for each row that it returns. */
const buffersAllowed = 400;
const buffersPerRow = 5;

/** Searching is the engine's business, the others are not about posts. */
const notAsked = new Set(
  "/api/search /api/search/suggest /api/docs /api/openapi.json /api/backend-stats /api/imprint".split(" "),
);

/** Tables that may be read from end to end: they grow with boards, years or users, not with posts. */
const directories = new Set(
  "analysis boards users yearly_stats weekday_stats hourly_stats state user_tiers avatars worldeater_state".split(" "),
);

/** Rows of one scan beyond those returned: a day each of the years that there are, or a user each to find a place among them. */
const rowsAllowed: Record<string, number> = {
  daily_stats: 10_000,
  daily_threads: 10_000,
  poster_stats: 5000,
  users: 5000,
};
const otherRowsAllowed = 500;

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

export interface Lookups {
  requests: number;
  /** Different statements and parameters. */
  statements: number;
  /** The statement with the most pages beyond those that its rows account for. */
  most: { buffers: number; rows: number; path: string };
  /** What reads more than it should, in words. */
  problems: string[];
}

interface Statement {
  text: string;
  parameters: unknown[];
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** What is wrong with a plan. */
function judge(plan: Plan): string[] {
  const buffers = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] + plan["Temp Read Blocks"];
  const rows = plan["Actual Rows"];
  const problems: string[] = [];
  if (buffers > buffersAllowed + buffersPerRow * rows) problems.push(`${buffers} buffers for ${rows} rows`);
  for (const node of nodesOf(plan)) {
    const table = node["Relation Name"];
    if (table === undefined) continue;
    const removed = (node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0);
    const read = Math.round((node["Actual Rows"] + removed) * node["Actual Loops"]);
    if (node["Node Type"].includes("Seq Scan") && !directories.has(table))
      problems.push(`${table} read from end to end`);
    if (read > (rowsAllowed[table] ?? otherRowsAllowed) + buffersPerRow * rows)
      problems.push(`${read} rows of ${table} read for ${rows}`);
    if (!directories.has(table) && removed * node["Actual Loops"] > otherRowsAllowed)
      problems.push(`${removed * node["Actual Loops"]} rows of ${table} read and thrown away`);
  }
  return problems;
}

/** Values of every parameter: those that lead far into the tables, and ordinary ones. */
async function valuesOf(sql: Sql): Promise<Record<string, (string | undefined)[]>> {
  const column = async (statement: string) => (await sql.unsafe(statement)).map((row) => String(Object.values(row)[0]));
  const users = await column(`
    (select uid from baked.poster_stats where year = 0 and bid = 0 order by post_count desc, uid limit 1)
    union all (select uid from baked.poster_stats where year = 0 and bid = 0 order by post_count, uid limit 1)`);
  const boards = await column(`
    (select bid from baked.yearly_stats where year = 0 and bid > 0 order by post_count desc limit 1)
    union all (select bid from baked.yearly_stats where year = 0 and bid > 0 order by post_count limit 1)`);
  const years = await column(
    "select year from baked.yearly_stats where bid = 0 and year > 0 order by post_count desc limit 1",
  );
  return {
    year: [undefined, ...years],
    bid: [undefined, ...boards],
    uid: users,
    user: [undefined],
    limit: [undefined, "1", "10000"],
    order: ["desc", "asc"],
    order_by: ["post_count", "edit_count", "avg_post_length", "threads_created", "quoted_count", "quotes_count"],
    statistic: ["active_users"],
    type: [undefined, "image"],
    direction: ["quoting", "quoted_by"],
    day: await column("select day from baked.daily_stats where bid = 0 order by post_count desc limit 1"),
    domain: await column("select domain from baked.domains where year = 0 and type = '' order by count desc limit 1"),
    q: ["n", "nutzer 12", "x"],
    csv: [undefined],
    lang: [undefined],
    following_uid: [undefined],
    following_ob: [undefined],
  };
}

/** Every request that the endpoints' parameters allow with these values. */
function requestsTo(path: string, parameters: string[], values: Record<string, (string | undefined)[]>): string[] {
  let queries = [new URLSearchParams()];
  for (const name of parameters) {
    const choices = values[name];
    if (!choices) throw new Error(`${path}: no values for the parameter ${name}`);
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
 * Asks every endpoint but the search in every kind of selection, and looks into each statement's plan.
 * @param sql of an analysed database; not used by others meanwhile
 */
export async function checkLookups(sql: Sql): Promise<Lookups> {
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
    paths: Record<string, { get: { parameters?: { name: string }[] } }>;
  };
  const values = await valuesOf(sql);
  const found: Lookups = { requests: 0, statements: 0, most: { buffers: 0, rows: 0, path: "" }, problems: [] };
  const seen = new Set<string>();

  const ask = async (path: string): Promise<unknown> => {
    sent = [];
    options.debug = (_connection: number, text: string, parameters: unknown[]) => sent.push({ text, parameters });
    const response = await app.fetch(
      new Request(`http://stats.example${path}${path.includes("?") ? "&" : "?"}nocache`),
    );
    options.debug = false;
    const body = (await response.json()) as unknown;
    // One endpoint cannot do without a year.
    if (response.status === 400 && !path.includes("year=")) return undefined;
    if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(body)}`);
    found.requests++;
    for (const { text, parameters } of sent) {
      const key = JSON.stringify([text, parameters]);
      if (seen.has(key) || !/\bfrom\b/.test(text)) continue;
      seen.add(key);
      found.statements++;
      const [row] = await sql.unsafe<{ "QUERY PLAN": { Plan: Plan }[] }[]>(
        `explain (analyze, buffers, format json) ${text}`,
        parameters as string[],
      );
      const plan = row?.["QUERY PLAN"][0]?.Plan;
      if (!plan) throw new Error(`there is no plan for ${text}`);
      for (const problem of judge(plan))
        found.problems.push(`${path}: ${problem}\n${text.trim()}\n${JSON.stringify(parameters)}`);
      const buffers = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"];
      const beyond = buffers - buffersPerRow * plan["Actual Rows"];
      if (beyond > found.most.buffers - buffersPerRow * found.most.rows)
        found.most = { buffers, rows: plan["Actual Rows"], path };
    }
    return body;
  };

  for (const [path, { get }] of Object.entries(description.paths)) {
    if (notAsked.has(path)) continue;
    const parameters = (get.parameters ?? []).map(({ name }) => name);
    for (const request of requestsTo(path, parameters, values)) {
      let body = (await ask(request)) as { next?: string } | undefined;
      // Deep pages: blindly on, as a client does.
      for (let page = 0; body?.next !== undefined && page < 4; page++) body = (await ask(body.next)) as typeof body;
    }
  }
  return found;
}
