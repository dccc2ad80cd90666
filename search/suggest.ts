/** Suggestions for the search box, on every keystroke: users, boards and threads that start as typed. */
import type { boards, threads, users } from "@potstats/db/baked";
import type { Sql } from "@potstats/db/connect";
import type { Row } from "@potstats/db/row";
import type { Suggestion, Suggestions } from "./contract.ts";
import { type Engines, isFallback } from "./engines/both.ts";
import type { Find, Finder } from "./find.ts";
import type { Query } from "./query/query.ts";
import { rankWindow } from "./results/ranked.ts";
import { usersStartingWith } from "./users.ts";
import { foldWords } from "@potstats/bbcode/fold";
import { isTypo } from "./words/typo.ts";

/** Suggestions in total, and of each kind. */
const limits = { total: 8, users: 4, boards: 2, threads: 8 };

/** @param finder finds threads for one request */
export const createSuggest =
  (sql: Sql, finder: (signal?: AbortSignal) => Finder, findUsers: Engines["findUsers"]) =>
  async (prefix: string, signal?: AbortSignal): Promise<Suggestions> => {
    const typed = prefix.trim().toLowerCase();
    if (typed === "") return { rows: [] };
    const words = foldWords(typed);
    const folded = words.join(" ");
    const { find, answeredBy } = finder(signal);
    let isWithoutSimilar = false;
    const findSimilar = async (limit: number) => {
      const { uids, fallback } = await findUsers(folded, limit, signal);
      isWithoutSimilar = fallback;
      return uids;
    };
    const [userNames, boardNames, threadTitles] = await Promise.all([
      suggestUsers(sql, findSimilar, typed, folded),
      suggestBoards(sql, folded),
      suggestThreads(sql, find, words),
    ]);
    const named = [...userNames, ...boardNames];
    return {
      rows: [...named, ...threadTitles.slice(0, limits.total - named.length)],
      ...(isWithoutSimilar || isFallback(answeredBy) ? { fallback: true } : {}),
    };
  };

/** Users whose name starts as typed; if there are few, also users whose name starts similarly. */
async function suggestUsers(
  sql: Sql,
  findSimilar: (limit: number) => Promise<number[]>,
  typed: string,
  folded: string,
): Promise<Suggestion[]> {
  const named = await usersStartingWith(sql, typed, limits.users);
  const exact = named.map(({ uid, name, alias }): Suggestion => ({
    type: "user",
    id: uid,
    text: name,
    ...(alias === null ? {} : { alias }),
  }));
  if (exact.length >= limits.users || folded === "") return exact;
  const uids = new Set(exact.map(({ id }) => id));
  const similar = (await findSimilar(limits.users)).filter((uid) => !uids.has(uid));
  const rows = await sql<Row<typeof users, "uid" | "name">[]>`
    select uid, name from baked.users where uid = any(${similar}) order by array_position(${similar}::int[], uid)`;
  const others = rows.map(({ uid, name }): Suggestion => ({ type: "user", id: uid, text: name }));
  return [...exact, ...others].slice(0, limits.users);
}

/** Similar names are only compared from this length on. */
const minTypoLength = 5;

/** Compares all boards, because there are few. */
async function suggestBoards(sql: Sql, folded: string): Promise<Suggestion[]> {
  if (folded === "") return [];
  const rows = await sql<Row<typeof boards, "bid" | "name">[]>`select bid, name from baked.boards order by bid`;
  const matches = (name: string) => ` ${foldWords(name).join(" ")}`.includes(` ${folded}`);
  const isSimilar = (name: string) => {
    const start = foldWords(name).join(" ");
    return (
      folded.length >= minTypoLength && [-1, 0, 1].some((more) => isTypo(start.slice(0, folded.length + more), folded))
    );
  };
  return [...rows.filter(({ name }) => matches(name)), ...rows.filter(({ name }) => !matches(name) && isSimilar(name))]
    .slice(0, limits.boards)
    .map(({ bid, name }) => ({ type: "board", id: bid, text: name }));
}

async function suggestThreads(sql: Sql, find: Find, words: string[]): Promise<Suggestion[]> {
  if (words.length === 0) return [];
  const query: Query = {
    type: "thread",
    terms: words.map((word, at) => ({ words: [word], exact: false, excluded: false, prefix: at === words.length - 1 })),
    has: [],
    tags: [],
    sort: "score",
    offset: 0,
    limit: limits.threads,
    facets: false,
    maxCounted: rankWindow,
  };
  const tids = (await find(query)).page.map(({ id }) => id);
  const rows = await sql<Row<typeof threads, "tid" | "title">[]>`
    select tid, title from baked.threads where tid = any(${tids}) and not is_gone order by array_position(${tids}::int[], tid)`;
  return rows.map(({ tid, title }): Suggestion => ({ type: "thread", id: tid, text: title }));
}
