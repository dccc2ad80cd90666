/**
 * A test oracle: every derived table, computed naively from the crawled tables, with all rows in memory and a loop per
 * statistic. Shares no code with the analytics except the repair of names.
 */
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { Sql } from "@potstats/db/connect";
import type { Row } from "../tables.ts";
import { type Forum, readForum } from "./forum.ts";

/** Each file of this folder computes the table that it is named after. */
const folder = join(import.meta.dirname, "tables");

/** The rows of each derived table, in any order. */
export async function deriveNaively(sql: Sql, timezone: string, forumUrl: string): Promise<Record<string, Row[]>> {
  const forum = await readForum(sql, timezone, forumUrl);
  const tables: Record<string, Row[]> = {};
  for (const file of readdirSync(folder)) {
    const { default: rowsOf } = (await import(join(folder, file))) as { default: (forum: Forum) => Row[] };
    tables[basename(file, ".ts").replaceAll("-", "_")] = rowsOf(forum);
  }
  return tables;
}
