/** Finds users whose name is part of a query, so that their posts can be offered. */
import type { Sql } from "@potstats/db/connect";
import type { Row } from "@potstats/db/row";
import type { names } from "@potstats/db/search-index";
import type { Author, Part } from "./contract.ts";
import type { Query } from "./query/query.ts";
import { writeFilter } from "./query/syntax.ts";
import { writeQuery } from "./query/understood.ts";

const maxAuthors = 3;
/** Words of a name. */
const maxWords = 3;

/** Neighboring plain words. */
interface Run {
  name: string;
  start: number;
  end: number;
}

/** Users whose current or former name is written in the query as plain words, most active first. */
export async function findAuthors(sql: Sql, parts: Part[], { uids }: Pick<Query, "uids">): Promise<Author[]> {
  const runs = runsOf(parts);
  // Nobody wrote a post together with another user.
  if (runs.length === 0 || uids) return [];
  const rows = await sql<(Row<typeof names, "uid" | "lower" | "post_count"> & { current: string })[]>`
    select n.uid, n.lower, n.post_count, u.name as current
    from search.names n join baked.users u on u.uid = n.uid
    where n.lower = any(${runs.map(({ name }) => name)}) and n.post_count > 0
    order by n.post_count desc, n.uid, n.is_alias, n.name limit ${maxAuthors * 10}`;
  const authors = new Map<string, Author>();
  for (const { uid, lower, post_count, current } of rows) {
    const run = runs.find(({ name }) => name === lower);
    if (!run) continue;
    const filter = { kind: "user", text: current, content: writeFilter({ name: "user", value: current }) } as const;
    const content = writeQuery(parts.toSpliced(run.start, run.end - run.start, filter));
    // Several users of the same name are found by the same filter.
    const key = content.toLowerCase();
    if (!authors.has(key)) authors.set(key, { uid, name: current, count: post_count, content });
  }
  return [...authors.values()].slice(0, maxAuthors);
}

/** All runs of plain words, in lower case. */
const runsOf = (parts: Part[]): Run[] =>
  parts.flatMap((_, start) =>
    Array.from({ length: maxWords }, (_unused, more) => start + more + 1).flatMap((end) => {
      const run = parts.slice(start, end);
      const isPlain = end <= parts.length && run.every(({ kind }) => kind === "word" || kind === "prefix");
      return isPlain ? [{ name: run.map(({ text }) => text.toLowerCase()).join(" "), start, end }] : [];
    }),
  );
