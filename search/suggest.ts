/** Names for the search box, for every keystroke: users, boards and threads that begin as typed. */
import type { Sql } from "@potstats/db/connect";
import type { Suggestion } from "./contract.ts";
import { foldWords } from "./words/fold.ts";
import type { Found, Question } from "./query/resolve.ts";
import { isTypo } from "./words/typo.ts";

/** Suggestions at most: in all, and of each kind. */
const most = { all: 8, users: 4, boards: 2, threads: 8 };

/** Names looked at for those users: some have several that begin alike. */
const mostNames = 40;

interface Sources {
  sql: Sql;
  findThreads(question: Question, signal?: AbortSignal): Promise<Found>;
  /** Users whose name or an alias begins about like this; none where no engine can tell. */
  usersLike(folded: string, limit: number, signal?: AbortSignal): Promise<number[]>;
}

/** Made from what it asks. */
export const createSuggest =
  ({ sql, findThreads, usersLike }: Sources) =>
  async (prefix: string, signal?: AbortSignal): Promise<Suggestion[]> => {
    const typed = prefix.trim().toLowerCase();
    if (typed === "") return [];
    const words = foldWords(typed);
    const folded = words.join(" ");
    const [users, boards, threads] = await Promise.all([
      suggestUsers(),
      suggestBoards(sql, folded),
      words.length === 0 ? [] : suggestThreads(),
    ]);
    const named = [...users, ...boards];
    return [...named, ...threads.slice(0, most.all - named.length)];

    async function suggestUsers(): Promise<Suggestion[]> {
      const found = await usersBeginning(sql, typed, folded);
      if (found.length >= most.users || folded === "") return found;
      const known = new Set(found.map(({ id }) => id));
      const like = (await usersLike(folded, most.users, signal)).filter((uid) => !known.has(uid));
      const rows = await sql<{ uid: number; name: string }[]>`
        select uid, name from baked.users where uid = any(${like}) order by array_position(${like}::int[], uid)`;
      const alike = rows.map(({ uid, name }): Suggestion => ({ type: "user", id: uid, text: name }));
      return [...found, ...alike].slice(0, most.users);
    }

    async function suggestThreads(): Promise<Suggestion[]> {
      const question: Question = {
        type: "thread",
        titlesOnly: true,
        terms: words.map((word, at) => ({
          words: [word],
          exact: false,
          excluded: false,
          prefix: at === words.length - 1,
        })),
        has: [],
        tags: [],
        sort: "score",
        offset: 0,
        limit: most.threads,
        facets: false,
      };
      const ids = (await findThreads(question, signal)).ids.map(({ id }) => id);
      const rows = await sql<{ tid: number; title: string }[]>`
        select tid, title from baked.threads where tid = any(${ids}) and not is_gone order by array_position(${ids}::int[], tid)`;
      return rows.map(({ tid, title }): Suggestion => ({ type: "thread", id: tid, text: title }));
    }
  };

const escaped = (text: string) => text.replaceAll(/[\\%_]/g, (character) => `\\${character}`);

/** Whoever writes most first. */
async function usersBeginning(sql: Sql, typed: string, folded: string): Promise<Suggestion[]> {
  const rows = await sql<{ uid: number; name: string; alias: string | null }[]>`
    select n.uid, u.name, case when n.is_alias then n.name end as alias
    from (
      select uid, name, is_alias, post_count from search.names
      where lower like ${`${escaped(typed)}%`} ${folded === "" ? sql`` : sql`or folded like ${`${folded}%`}`}
      order by post_count desc, uid, is_alias, name limit ${mostNames}
    ) n join baked.users u on u.uid = n.uid
    order by n.post_count desc, n.uid, n.is_alias, n.name`;
  const users = new Map<number, Suggestion>();
  for (const { uid, name, alias } of rows) {
    if (users.size === most.users) break;
    // The name comes before the aliases.
    if (!users.has(uid)) users.set(uid, { type: "user", id: uid, text: name, ...(alias === null ? {} : { alias }) });
  }
  return [...users.values()];
}

/** Boards are few: each is looked at. */
async function suggestBoards(sql: Sql, folded: string): Promise<Suggestion[]> {
  if (folded === "") return [];
  const boards = await sql<{ bid: number; name: string }[]>`select bid, name from baked.boards order by bid`;
  const begins = (name: string) => ` ${foldWords(name).join(" ")}`.includes(` ${folded}`);
  const beginsAlike = (name: string) => {
    const start = foldWords(name).join(" ");
    return folded.length >= 5 && [-1, 0, 1].some((more) => isTypo(start.slice(0, folded.length + more), folded));
  };
  return [
    ...boards.filter(({ name }) => begins(name)),
    ...boards.filter(({ name }) => !begins(name) && beginsAlike(name)),
  ]
    .slice(0, most.boards)
    .map(({ bid, name }) => ({ type: "board", id: bid, text: name }));
}
