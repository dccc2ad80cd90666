import type { User } from "../answers.ts";
import { type Sql, type UserColumns, userOf } from "./context.ts";

const escaped = (text: string) => text.replaceAll(/[\\%_]/g, (character) => `\\${character}`);

/**
 * Users whose name or an alias begins as typed, without regard to case: the very name first, then by posts. Aliases are
 * compared here, since no two databases agree on what lower case is; few users have any.
 */
export async function findUsers(sql: Sql, typed: string, limit: number): Promise<{ User: User; post_count: number }[]> {
  const wanted = typed.trim().toLowerCase();
  if (wanted === "") return [];
  const renamed = await sql<{ uid: number; aliases: string[] }[]>`
    select uid, aliases from baked.users where aliases <> '[]'::jsonb`;
  const uids = renamed
    .filter(({ aliases }) => aliases.some((alias) => alias.toLowerCase().startsWith(wanted)))
    .map(({ uid }) => uid);
  const rows = await sql<(UserColumns & { post_count: number })[]>`
    select u.uid, u.name, u.aliases, coalesce(s.post_count, 0) as post_count
    from baked.users u
    left join baked.poster_stats s on s.uid = u.uid and s.year = 0 and s.bid = 0
    where u.name_lower like ${`${escaped(wanted)}%`} or u.uid = any(${uids}::int[])
    order by (u.name_lower = ${wanted}) desc, 4 desc, u.uid limit ${limit}`;
  return rows.map(({ post_count, ...user }) => ({ User: userOf(user), post_count }));
}
