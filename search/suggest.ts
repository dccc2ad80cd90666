/** Names for the search box, for every keystroke: users, boards and threads that begin as typed. */
import type { Sql } from "@potstats/db/connect";
import type { Suggestion } from "./engine.ts";
import { foldWords } from "./fold.ts";
import type { Found, Question } from "./question.ts";
import { isTypo } from "./typo.ts";

/** Suggestions at most: in all, and of each kind. */
const most = { all: 8, users: 4, boards: 2, threads: 8 };

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
    with found as (
      select uid, min(name) filter (where not is_alias) as name, min(name) filter (where is_alias) as alias
      from search.names
      where lower like ${`${escaped(typed)}%`} ${folded === "" ? sql`` : sql`or folded like ${`${folded}%`}`}
      group by uid
    )
    select found.uid, u.name, case when found.name is null then found.alias end as alias
    from found join baked.users u on u.uid = found.uid
    left join baked.poster_stats s on s.uid = found.uid and s.year = 0 and s.bid = 0
    order by s.post_count desc nulls last, found.uid limit ${most.users}`;
  return rows.map(({ uid, name, alias }) => ({
    type: "user",
    id: uid,
    text: name,
    ...(alias === null ? {} : { alias }),
  }));
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
