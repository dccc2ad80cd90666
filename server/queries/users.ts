import type { posterStats, users } from "@potstats/db/baked";
import { likePrefix } from "@potstats/db/like";
import type { Row } from "@potstats/db/row";
import type { Fragment, Sql } from "./selection.ts";
import { type User, userOf } from "./user.ts";

interface Match extends Row<typeof posterStats, "post_count"> {
  User: User;
}

/** If more users than this match a prefix, only the most active ones are ranked. */
const maxRanked = 100;

/**
 * Users whose name or former name starts with the prefix, case-insensitive: an exact match first, then by posts.
 * Aliases are compared here, because in the database lower-casing depends on the collation; few users have any.
 */
export async function findUsers(sql: Sql, { q, limit }: { q: string; limit: number }): Promise<Match[]> {
  const prefix = q.trim().toLowerCase();
  if (prefix === "") return [];
  const pattern = likePrefix(prefix);
  const [renamed, named] = await Promise.all([
    sql<Row<typeof users, "uid" | "aliases">[]>`
      select uid, aliases from baked.users where aliases <> '[]'::jsonb`,
    sql<Row<typeof users, "uid">[]>`
      select uid from baked.users where name_lower like ${pattern} limit ${maxRanked + 1}`,
  ]);
  const byAlias = renamed
    .filter(({ aliases }) => aliases.some((alias) => alias.toLowerCase().startsWith(prefix)))
    .map(({ uid }) => uid);
  if (named.length > maxRanked) {
    const active = await ranked(sql, { among: mostActive(sql, { prefix, byAlias, limit }), prefix, limit });
    if (active.length === limit) return active;
  }
  const all: Fragment = sql`(u.name_lower like ${pattern} or u.uid = any(${byAlias}::int[]))`;
  return await ranked(sql, { among: all, prefix, limit });
}

/**
 * Condition for the most active users with a common prefix: scanning the users by posts finds enough of them early.
 * `materialized` makes the scan follow the index.
 */
const mostActive = (
  sql: Sql,
  { prefix, byAlias, limit }: { prefix: string; byAlias: number[]; limit: number },
): Fragment =>
  sql`u.uid in (
    select uid from baked.users where name_lower = ${prefix}
    union select unnest(${byAlias}::int[])
    union (
      with posters as materialized (
        select uid, post_count from baked.poster_stats where year = 0 and bid = 0 order by post_count desc, uid
      )
      select posters.uid from posters join baked.users u using (uid) where u.name_lower like ${likePrefix(prefix)}
      order by post_count desc, uid limit ${limit}
    ))`;

/** The users that satisfy a condition: an exact match first, then by posts. */
async function ranked(sql: Sql, { among, prefix, limit }: { among: Fragment; prefix: string; limit: number }) {
  const rows = await sql<(User & Row<typeof posterStats, "post_count">)[]>`
    select u.uid, u.name, u.aliases, coalesce(s.post_count, 0) as post_count
    from baked.users u left join baked.poster_stats s on s.uid = u.uid and s.year = 0 and s.bid = 0
    where ${among} order by (u.name_lower = ${prefix}) desc, 4 desc, u.uid limit ${limit}`;
  return rows.map((row): Match => ({ User: userOf(row), post_count: row.post_count }));
}
