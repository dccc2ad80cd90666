import type { User } from "../answers.ts";
import { type Sql, type UserColumns, userOf } from "./context.ts";

/** A part of a statement. */
type Fragment = ReturnType<Sql>;

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
  const like = `${escaped(wanted)}%`;
  // Of the many whose name begins with a letter or two the most active ones are met first, and are enough.
  const active = await ranked(sql, {
    wanted,
    limit,
    among: sql`
      select uid from baked.users where name_lower = ${wanted}
      union select unnest(${uids}::int[])
      union (
        select s.uid from baked.poster_stats s join baked.users u using (uid)
        where s.year = 0 and s.bid = 0 and u.name_lower like ${like}
        order by s.post_count desc, s.uid limit ${limit}
      )`,
  });
  if (active.length === limit) return active;
  return await ranked(sql, {
    wanted,
    limit,
    among: sql`select uid from baked.users where name_lower like ${like} union select unnest(${uids}::int[])`,
  });
}

/** The first of some users: whose very name was typed, then by posts. */
async function ranked(sql: Sql, { among, wanted, limit }: { among: Fragment; wanted: string; limit: number }) {
  const rows = await sql<(UserColumns & { post_count: number })[]>`
    select u.uid, u.name, u.aliases, coalesce(s.post_count, 0) as post_count
    from (${among}) found join baked.users u using (uid)
    left join baked.poster_stats s on s.uid = u.uid and s.year = 0 and s.bid = 0
    order by (u.name_lower = ${wanted}) desc, 4 desc, u.uid limit ${limit}`;
  return rows.map(({ post_count, ...user }) => ({ User: userOf(user), post_count }));
}
