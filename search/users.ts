/** Users by the beginning of their current or former name. */
import type { Sql } from "@potstats/db/connect";
import { likePrefix } from "@potstats/db/like";
import type { Row } from "@potstats/db/row";
import type { names } from "@potstats/db/search-index";
import { foldWords } from "@potstats/bbcode/fold";

/** Maximum number of names to read per user: a user may have several similar names. */
const maxNames = 10;

export interface NamedUser extends Row<typeof names, "uid" | "name" | "post_count"> {
  /** The former name that starts as typed, if the current one does not. */
  alias: string | null;
}

/** Users with a name that starts as typed, most active first. */
export async function usersStartingWith(sql: Sql, typed: string, limit: number): Promise<NamedUser[]> {
  const folded = foldWords(typed).join(" ");
  const rows = await sql<NamedUser[]>`
    select n.uid, u.name, case when n.is_alias then n.name end as alias, n.post_count
    from (
      select uid, name, is_alias, post_count from search.names
      where lower like ${likePrefix(typed.toLowerCase())} ${folded === "" ? sql`` : sql`or folded like ${`${folded}%`}`}
      order by post_count desc, uid, is_alias, name limit ${limit * maxNames}
    ) n join baked.users u on u.uid = n.uid
    order by n.post_count desc, n.uid, n.is_alias, n.name`;
  const users = new Map<number, NamedUser>();
  // A user's current name precedes the aliases.
  for (const row of rows) if (!users.has(row.uid)) users.set(row.uid, row);
  return [...users.values()].slice(0, limit);
}
