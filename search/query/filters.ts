/** Narrows a query by a filter, and looks up the name in it. */
import type { boards, threads } from "@potstats/db/baked";
import type { Sql } from "@potstats/db/connect";
import type { Row } from "@potstats/db/row";
import type { names } from "@potstats/db/search-index";
import { isTagged } from "../engines/block-search.ts";
import { foldWords } from "@potstats/bbcode/fold";
import { periodOf } from "./period.ts";
import type { Query } from "./query.ts";
import type { Filter } from "./syntax.ts";
import type { FilterMeaning } from "./understood.ts";

/** The kinds of links that `has:` accepts. */
export const linkKinds = ["link", "image", "video"];
const isLinkKind = (kind: string) => linkKinds.includes(kind);

/** Narrows the query. @returns undefined if the filter is unknown or does not apply to the query's type */
export async function applyFilter(
  sql: Sql,
  query: Query,
  filter: Filter,
  timezone: string,
): Promise<FilterMeaning | undefined> {
  const { name, value } = filter;
  switch (name) {
    case "user": {
      const users = await findUsersNamed(sql, value);
      query.uids = intersection(query.uids, users.uids);
      return users.uids.length > 0 ? same(users.value) : undefined;
    }
    case "board": {
      const rows = await sql<Row<typeof boards, "bid" | "name">[]>`select bid, name from baked.boards order by bid`;
      const named = boardsNamed(rows, value);
      query.bids = intersection(
        query.bids,
        named.map(({ bid }) => bid),
      );
      return named.length > 0 ? same(boardName(rows, named) ?? value) : undefined;
    }
    case "thread": {
      const tid = idOf(value);
      if (tid === undefined) return undefined;
      query.tids = intersection(query.tids, [tid]);
      const [thread] = await sql<Row<typeof threads, "title">[]>`select title from baked.threads where tid = ${tid}`;
      return thread && { value: String(tid), text: thread.title };
    }
    case "year":
    case "before":
    case "after":
      return narrowToPeriod(query, filter, timezone) ? same(value) : undefined;
    case "has": {
      const kind = value.toLowerCase();
      query.has = union(query.has, [kind]);
      return query.type === "post" && isLinkKind(kind) ? same(kind) : undefined;
    }
    case "tag": {
      const tag = foldWords(value);
      query.tags = union(query.tags, tag);
      if (query.type !== "thread" || tag.length === 0) return undefined;
      return (await isTagged(sql, tag)) ? same(value) : undefined;
    }
  }
}

const same = (value: string): FilterMeaning => ({ value, text: value });

/** @returns false if it is not a period */
export function narrowToPeriod(query: Query, { name, value }: Filter, timezone: string): boolean {
  const period = periodOf(value, timezone);
  if (!period || (name === "year" && !/^\d{4}$/.test(value))) return false;
  if (name !== "before") query.from = Math.max(query.from ?? -Infinity, period.from);
  if (name !== "after") query.to = Math.min(query.to ?? Infinity, name === "year" ? period.to : period.from);
  return true;
}

/**
 * Users with this current or former name, and how to write the name: as the most active of these users is now called,
 * unless that finds others.
 */
async function findUsersNamed(sql: Sql, typed: string): Promise<{ uids: number[]; value: string }> {
  type Named = Row<typeof names, "uid" | "name" | "is_alias">;
  const rows = await sql<Named[]>`
    select uid, name, is_alias from search.names where lower = ${typed.toLowerCase()}
    order by is_alias, post_count desc, uid, name`;
  const uids = [...new Set(rows.map(({ uid }) => uid))].toSorted((a, b) => a - b);
  const [first] = rows;
  if (!first?.is_alias) return { uids, value: first?.name ?? typed };
  const current = await sql<(Pick<Named, "name"> & { uids: number[] })[]>`
    select c.name, array(select distinct n.uid from search.names n where n.lower = c.lower order by 1) as uids
    from search.names c where c.uid = any(${uids}) and not c.is_alias order by c.post_count desc, c.uid`;
  const isSame = ({ uids: others }: { uids: number[] }) => others.join() === uids.join();
  return { uids, value: current.find(isSame)?.name ?? first.name };
}

export const intersection = (ids: number[] | undefined, others: number[]): number[] =>
  ids ? ids.filter((id) => others.includes(id)) : others;

const union = (values: string[], others: string[]): string[] => [...new Set([...values, ...others])];

const maxId = 2 ** 31 - 1;
const idOf = (value: string) => (/^\d{1,10}$/.test(value) && Number(value) <= maxId ? Number(value) : undefined);

/** A name that finds exactly these boards. */
const boardName = (rows: Board[], boards: Board[]): string | undefined =>
  boards.find(({ name }) => boardsNamed(rows, name).length === boards.length)?.name;

type Board = Row<typeof boards, "bid" | "name">;

/** Boards with exactly this name; failing that, boards whose name starts with it. */
function boardsNamed(rows: Board[], typed: string): Board[] {
  const wanted = foldWords(typed).join(" ");
  // A name without letters and digits folds to nothing: "???" is compared as it is.
  const isSame = (name: string) =>
    wanted === "" ? name.toLowerCase() === typed.toLowerCase() : foldWords(name).join(" ") === wanted;
  const exact = rows.filter(({ name }) => isSame(name));
  if (exact.length > 0 || wanted === "") return exact;
  return rows.filter(({ name }) => foldWords(name).join(" ").startsWith(wanted));
}
