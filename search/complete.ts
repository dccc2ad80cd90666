/** Completes the filter that is being typed, on every keystroke: reads only small tables and indexes. */
import type { boards, yearlyStats } from "@potstats/db/baked";
import type { Sql } from "@potstats/db/connect";
import { likePrefix } from "@potstats/db/like";
import type { Row } from "@potstats/db/row";
import type { linkCounts, tags } from "@potstats/db/search-index";
import type { CompletedFilter, Completion, CompletionRequest, CompletionValue, SearchType } from "./contract.ts";
import { linkKinds } from "./query/filters.ts";
import { parseTokens, writeFilter } from "./query/syntax.ts";
import { keyOf } from "./query/understood.ts";
import { unfinishedAt } from "./query/unfinished.ts";
import { usersStartingWith } from "./users.ts";
import { foldWords } from "@potstats/bbcode/fold";

const maxValues = 8;
/** Users to read: several of the same name are one value. */
const maxUsers = 2 * maxValues;

/** A value, before it is written into the query. */
interface Value extends Omit<CompletionValue, "content"> {
  count: number;
}

export async function complete(sql: Sql, { content, type, at }: CompletionRequest): Promise<Completion> {
  const caret = Math.min(at ?? content.length, content.length);
  const unfinished = unfinishedAt(content, caret, type);
  if (!unfinished) return { filter: null, from: caret, to: caret, values: [] };
  const { from, to } = unfinished;
  const insert = (text: string, space: string) => content.slice(0, from) + text + space + content.slice(to).trimStart();
  if ("operators" in unfinished) {
    const values = unfinished.operators.map((name): CompletionValue => {
      const operator = `${name}:`;
      const rest = content.slice(to);
      return { value: operator, text: operator, count: null, content: content.slice(0, from) + operator + rest };
    });
    return { filter: null, from, to, values };
  }
  const { filter, typed } = unfinished;
  const values = new Map<string, CompletionValue>();
  for (const value of await valuesOf(sql, type, filter, typed)) {
    const written = insert(writeFilter({ name: filter, value: value.value }), " ");
    const key = keyOf({ name: filter, value: value.value });
    // A name with unusual spaces or very many quotes cannot be written as a filter.
    const isUnderstood = parseTokens(written).some(
      (token) => token.start === from && token.filter && keyOf(token.filter) === key,
    );
    if (isUnderstood && !values.has(key)) values.set(key, { ...value, content: written });
  }
  return { filter, from, to, values: [...values.values()].slice(0, maxValues) };
}

/** A month or day of which a part is missing. */
const unfinishedDate = /^(\d{4})-(?:[01]?|(?:0?[1-9]|1[0-2])-[0-3]?)$/;

/** Whether the query ends in this unknown filter, and it is the beginning of a known value. */
export async function isCompleting(sql: Sql, { content, type }: CompletionRequest, unknown: string): Promise<boolean> {
  const unfinished = unfinishedAt(content, content.length, type);
  if (!unfinished || "operators" in unfinished) return false;
  const { filter, typed } = unfinished;
  if (`${filter}:${typed}` !== unknown) return false;
  const year = filter === "before" || filter === "after" ? unfinishedDate.exec(typed)?.[1] : undefined;
  return (await valuesOf(sql, type, filter, year ?? typed)).length > 0;
}

/** Values that start as typed, the most useful ones first. */
async function valuesOf(sql: Sql, type: SearchType, filter: CompletedFilter, typed: string): Promise<Value[]> {
  switch (filter) {
    case "user":
      return typed === "" ? mostActiveUsers(sql) : usersNamed(sql, typed);
    case "board":
      return boardsNamed(sql, type, typed);
    case "year":
    case "before":
    case "after":
      return yearsStartingWith(sql, typed);
    case "has":
      return linkKindsStartingWith(sql, typed.toLowerCase());
    case "tag":
      return tagsStartingWith(sql, typed);
  }
}

const same = (value: string, count: number): Value => ({ value, text: value, count });

/** There is an index for this order. */
async function mostActiveUsers(sql: Sql): Promise<Value[]> {
  const rows = await sql<{ name: string; post_count: number }[]>`
    select u.name, s.post_count from (
      select uid, post_count from baked.poster_stats where year = 0 and bid = 0
      order by post_count desc, uid limit ${maxUsers}
    ) s join baked.users u on u.uid = s.uid order by s.post_count desc, s.uid`;
  return rows.map(({ name, post_count }) => same(name, post_count));
}

async function usersNamed(sql: Sql, typed: string): Promise<Value[]> {
  const users = await usersStartingWith(sql, typed, maxUsers);
  return users.map(({ name, alias, post_count }) => ({
    ...same(name, post_count),
    ...(alias === null ? {} : { text: `${name} (${alias})` }),
  }));
}

/** Compares all boards, because there are few. */
async function boardsNamed(sql: Sql, type: SearchType, typed: string): Promise<Value[]> {
  const folded = foldWords(typed).join(" ");
  const rows = await sql<(Row<typeof boards, "name"> & Row<typeof yearlyStats, "post_count" | "threads_created">)[]>`
    select b.name, coalesce(s.post_count, 0) as post_count, coalesce(s.threads_created, 0) as threads_created
    from baked.boards b left join baked.yearly_stats s on s.bid = b.bid and s.year = 0 order by b.bid`;
  const matches = (name: string) =>
    folded === ""
      ? name.toLowerCase().startsWith(typed.toLowerCase())
      : ` ${foldWords(name).join(" ")}`.includes(` ${folded}`);
  return rows
    .filter(({ name }) => matches(name))
    .map(({ name, post_count, threads_created }) => same(name, type === "post" ? post_count : threads_created))
    .toSorted((a, b) => b.count - a.count);
}

/** Newest first. */
async function yearsStartingWith(sql: Sql, typed: string): Promise<Value[]> {
  const rows = await sql<Row<typeof yearlyStats, "year" | "post_count">[]>`
    select year, post_count from baked.yearly_stats where bid = 0 and year > 0 order by year desc`;
  return rows
    .map(({ year, post_count }) => same(String(year).padStart(4, "0"), post_count))
    .filter(({ value }) => value.startsWith(typed));
}

async function linkKindsStartingWith(sql: Sql, typed: string): Promise<Value[]> {
  const rows = await sql<Row<typeof linkCounts, "kind" | "post_count">[]>`
    select kind, sum(post_count)::int as post_count from search.link_counts group by kind`;
  const counts = new Map(rows.map(({ kind, post_count }) => [kind, post_count]));
  return linkKinds
    .filter((kind) => kind.startsWith(typed))
    .map((kind) => same(kind, counts.get(kind) ?? 0))
    .toSorted((a, b) => b.count - a.count);
}

async function tagsStartingWith(sql: Sql, typed: string): Promise<Value[]> {
  const folded = foldWords(typed).join(" ");
  if (folded === "" && typed !== "") return [];
  const rows = await sql<Row<typeof tags, "tag" | "thread_count">[]>`
    select tag, thread_count from search.tags where folded like ${likePrefix(folded)}
    order by thread_count desc, folded limit ${maxValues}`;
  return rows.map(({ tag, thread_count }) => same(tag, thread_count));
}
