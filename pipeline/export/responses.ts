/** Asks the API for everything that an export has, and writes the responses as scripts. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Phase } from "@potstats/cli/progress";
import type { Sql } from "@potstats/db/connect";
import { keyOf } from "@potstats/web/export/keys";
import { packResponses } from "@potstats/web/export/packing";
import { type Facts, type Planned, shardsOf } from "./plan.ts";

/** Answers a path of the API with its query, as the server would. */
export type Ask = (path: string) => Promise<Response>;

/** libdeflate makes an eighth fewer bytes than zlib. Its higher levels take twice as long for 2 % of them. */
const compress = (text: string) => Buffer.from(Bun.gzipSync(text, { library: "libdeflate", level: 10 }));

/** Requests at a time. */
const concurrency = 4;

/** The JSON of a response as text; undefined for what the API knows nothing about. */
async function bodyOf(ask: Ask, request: string): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    const response = await ask(`/api/${request}`);
    const text = await response.text();
    if (response.ok) return text;
    if (response.status === 400 || response.status === 404) return undefined;
    // A busy database.
    if (attempt === 3) throw new Error(`/api/${request}: ${response.status} ${text}`);
  }
}

/** A request and, of a list, its following pages. */
async function pagesOf(ask: Ask, { request, pages = 1 }: Planned): Promise<[key: string, body: string][]> {
  const found: [string, string][] = [];
  let next: string | undefined = request;
  while (next !== undefined && found.length < pages) {
    const body: string | undefined = await bodyOf(ask, next);
    if (body === undefined) break;
    found.push([keyOf(`/api/${next}`), body]);
    const following = pages === 1 ? undefined : (JSON.parse(body) as { next?: string }).next;
    next = following?.slice(following.indexOf("/api/") + "/api/".length);
  }
  return found;
}

/** Runs work for each item, a few at a time; the results are in the order of the items. */
async function mapped<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const workers = Array.from({ length: concurrency }, async () => {
    for (const [at, item] of queue) results[at] = await work(item);
  });
  // All of them end before an error is reported: the connections are closed then.
  const failed = (await Promise.allSettled(workers)).find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
  return results;
}

/** So many pairs are included: those that the page without names suggests, and the strongest in the tables. */
const maxPairs = 100;

/** The pairs with the most quotes, both ways taken together; self-quotes are none. */
const findPairs = (sql: Sql) => sql<{ one: number; other: number }[]>`
  select least(quoter_uid, quoted_uid) as one, greatest(quoter_uid, quoted_uid) as other
  from baked.quote_graph
  where year = 0 and bid = 0 and quoter_uid <> quoted_uid
  group by 1, 2
  order by sum(count) desc, 1, 2
  limit ${maxPairs}`;

/** What exists in the forum, as far as the pages show it. */
export async function findFacts(sql: Sql, ask: Ask): Promise<Facts> {
  const rowsOf = async <Row>(request: string) =>
    (JSON.parse((await bodyOf(ask, request)) ?? '{"rows":[]}') as { rows: Row[] }).rows;
  const [years, boards, domains] = await Promise.all([
    rowsOf<{ year: number }>("years"),
    rowsOf<{ bid: number }>("boards"),
    rowsOf<{ domain: string }>("domains?limit=100"),
  ]);
  const uids = await sql<{ uid: number }[]>`select uid from baked.users where uid > 0 order by uid`;
  const tids = await sql<{ tid: number }[]>`select tid from baked.thread_stats where tid > 0 order by tid`;
  const days = await sql<{ day: string }[]>`select day::text as day from baked.daily_stats where bid = 0 order by 1`;
  const userYears = await sql<{ id: number; year: number }[]>`
    select uid as id, year from baked.poster_stats where bid = 0 and year > 0 and post_count > 0 order by 1, 2`;
  const boardYears = await sql<{ id: number; year: number }[]>`
    select bid as id, year from baked.yearly_stats where bid > 0 and year > 0 order by 1, 2`;
  const pairs = await findPairs(sql);
  const byId = (rows: { id: number; year: number }[]) => {
    const groups = Map.groupBy(rows, ({ id }) => id);
    return new Map([...groups].map(([id, own]) => [id, own.map(({ year }) => year)] as const));
  };
  return {
    years: years.map(({ year }) => year),
    bids: boards.map(({ bid }) => bid).filter((bid) => bid > 0),
    uids: uids.map(({ uid }) => uid),
    tids: tids.map(({ tid }) => tid),
    days: days.map(({ day }) => day),
    domains: domains.map(({ domain }) => domain),
    pairs: pairs.map(({ one, other }) => [one, other]),
    yearsOfUser: byId(userYears),
    yearsOfBoard: byId(boardYears),
  };
}

/**
 * Writes one script for each group of responses, so that memory holds only one group.
 * @returns the number of responses
 */
export async function writeResponses(
  facts: Facts,
  options: { ask: Ask; folder: string; phase: Phase; signal: AbortSignal },
): Promise<number> {
  const { ask, folder, phase, signal } = options;
  await mkdir(folder, { recursive: true });
  let count = 0;
  for (const { name, planned } of shardsOf(facts)) {
    signal.throwIfAborted();
    const groups = await mapped(planned, async (one) => {
      signal.throwIfAborted();
      return pagesOf(ask, one);
    });
    const responses = new Map(groups.flat());
    count += responses.size;
    phase.add(responses.size);
    const parsed = new Map([...responses].map(([key, body]) => [key, JSON.parse(body) as unknown]));
    const packed = compress(JSON.stringify(packResponses(parsed)));
    const script = `potstatsShard(${JSON.stringify(name)},"${packed.toString("base64")}")\n`;
    await writeFile(join(folder, `${name}.js`), script);
  }
  return count;
}
