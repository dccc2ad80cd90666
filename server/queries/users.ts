import type { User } from "../routes/answers.ts";
import { type Sql, type UserColumns, userOf } from "./context.ts";

/** A part of a statement. */
type Fragment = ReturnType<Sql>;

interface Found {
  User: User;
  post_count: number;
}

/** Users with the same beginning of whom each one's place among the others is looked up. */
const few = 100;

const escaped = (text: string) => text.replaceAll(/[\\%_]/g, (character) => `\\${character}`);

/**
 * Users whose name or an alias begins as typed, without regard to case: the very name first, then by posts. Aliases are
 * compared here, since no two databases agree on what lower case is; few users have any.
 */
export async function findUsers(sql: Sql, typed: string, limit: number): Promise<Found[]> {
  const wanted = typed.trim().toLowerCase();
  if (wanted === "") return [];
  const like = `${escaped(wanted)}%`;
  const [renamed, named] = await Promise.all([
    sql<{ uid: number; aliases: string[] }[]>`select uid, aliases from baked.users where aliases <> '[]'::jsonb`,
    sql<{ uid: number }[]>`select uid from baked.users where name_lower like ${like} limit ${few + 1}`,
  ]);
  const others = renamed
    .filter(({ aliases }) => aliases.some((alias) => alias.toLowerCase().startsWith(wanted)))
    .map(({ uid }) => uid);
  const first = (who: Fragment) => ranked(sql, { who, wanted, limit });
  if (named.length > few) {
    // Of many the most active ones are met first, and are enough. Read in the order in which they lie.
    const active = await first(sql`u.uid in (
      select uid from baked.users where name_lower = ${wanted}
      union select unnest(${others}::int[])
      union (
        with posters as materialized (
          select uid, post_count from baked.poster_stats where year = 0 and bid = 0 order by post_count desc, uid
        )
        select posters.uid from posters join baked.users u using (uid) where u.name_lower like ${like}
        order by post_count desc, uid limit ${limit}
      ))`);
    if (active.length === limit) return active;
  }
  return await first(sql`(u.name_lower like ${like} or u.uid = any(${others}::int[]))`);
}

/** The first of some users: whose very name was typed, then by posts. */
async function ranked(sql: Sql, { who, wanted, limit }: { who: Fragment; wanted: string; limit: number }) {
  const rows = await sql<(UserColumns & { post_count: number })[]>`
    select u.uid, u.name, u.aliases, coalesce(s.post_count, 0) as post_count
    from baked.users u left join baked.poster_stats s on s.uid = u.uid and s.year = 0 and s.bid = 0
    where ${who} order by (u.name_lower = ${wanted}) desc, 4 desc, u.uid limit ${limit}`;
  return rows.map(({ post_count, ...user }): Found => ({ User: userOf(user), post_count }));
}
