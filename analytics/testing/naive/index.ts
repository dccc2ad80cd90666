/**
 * Every derived table computed from the crawled ones in the plainest way: all rows in memory, a loop per statistic.
 * Shares nothing with what it is compared to but the repair of names.
 */
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { Sql } from "@potstats/db/connect";
import type { Row } from "../tables.ts";
import { type Forum, readForum } from "./forum.ts";

/** Each file of this folder computes the table that it is named after. */
const folder = join(import.meta.dirname, "tables");

/** The rows of each derived table, in any order. */
export async function naiveBaked(sql: Sql, timezone: string, forumUrl: string): Promise<Record<string, Row[]>> {
  const forum = await readForum(sql, timezone, forumUrl);
  const tables: Record<string, Row[]> = {};
  for (const file of readdirSync(folder)) {
    const { default: rowsOf } = (await import(join(folder, file))) as { default: (forum: Forum) => Row[] };
    tables[basename(file, ".ts").replaceAll("-", "_")] = rowsOf(forum);
  }
  return tables;
}
