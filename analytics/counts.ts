/** The counts on the status page. */
import { boards, postFacts, postFaults, postLinks, postQuotes, threads, users } from "@potstats/db/baked";
import type { Transaction } from "@potstats/db/connect";
import type { Row } from "@potstats/db/row";
import { getTableName } from "drizzle-orm";
import { isChanged } from "./inputs/input.ts";

/** The number of broken quotes and links. */
export type Faults = Omit<Row<typeof postFaults>, "pid">;

/** Tables whose rows belong to one post each: an incremental run adjusts these counts by the changed posts. */
const postCounts = { posts: postFacts, quotes: postQuotes, links: postLinks };
/** Tables that an incremental run counts completely. */
const otherCounts = { threads, users, boards };

type PostCounts = Record<keyof typeof postCounts, number> & Faults;
export type Counts = PostCounts & Record<keyof typeof otherCounts, number>;

/** The counts after a full run. @param rows the number of rows per table */
export function countsFrom(rows: Record<string, number>, faults: Faults): Counts {
  const counts = Object.entries({ ...postCounts, ...otherCounts }).map(([name, table]) => [
    name,
    rows[getTableName(table)] ?? 0,
  ]);
  return { ...faults, ...(Object.fromEntries(counts) as Omit<Counts, keyof Faults>) };
}

/** Counts the rows of changed posts: their old rows in `baked`, or their new rows in `baked_next`. */
export async function countChanged(sql: Transaction, schema: "baked" | "baked_next"): Promise<PostCounts> {
  const which = schema === "baked" ? `where pid ${isChanged}` : "";
  const columns = Object.entries(postCounts).map(
    ([name, table]) => `(select count(*) from ${schema}.${getTableName(table)} ${which}) as ${name}`,
  );
  const [counts] = await sql.unsafe<PostCounts[]>(`
    select ${columns.join(", ")}, coalesce(sum(malformed_quotes), 0)::int as malformed_quotes,
           coalesce(sum(unparsable_links), 0)::int as unparsable_links
    from ${schema}.${getTableName(postFaults)} ${which}`);
  if (!counts) throw new Error("an aggregate returned no row");
  return counts;
}

/**
 * The counts after an incremental run.
 * @param last the counts after the last run
 */
export async function countsAfter(
  sql: Transaction,
  last: Counts,
  before: PostCounts,
  after: PostCounts,
): Promise<Counts> {
  const columns = Object.entries(otherCounts).map(
    ([name, table]) => `(select count(*) from baked.${getTableName(table)}) as ${name}`,
  );
  const [others] = await sql.unsafe<Counts[]>(`select ${columns.join(", ")}`);
  const counts = { ...last, ...others };
  for (const name of Object.keys(before) as (keyof PostCounts)[]) counts[name] += after[name] - before[name];
  return counts;
}
