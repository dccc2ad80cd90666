import type { quoteGraph } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import type { Sql } from "./selection.ts";
import type { User } from "./user.ts";

interface Edge extends Row<typeof quoteGraph, "count"> {
  from_uid: User["uid"];
  from_name: User["name"];
  from_aliases: User["aliases"];
  to_uid: User["uid"];
  to_name: User["name"];
  to_aliases: User["aliases"];
}

/** Who quotes whom, strongest first; intensity is relative to the strongest. Raw SQL for a `limit` before the joins. */
export async function findSocialGraph(sql: Sql, { year, limit }: { year: number; limit: number }) {
  const rows = await sql<Edge[]>`
    select quoter.uid as from_uid, quoter.name as from_name, quoter.aliases as from_aliases,
           quoted.uid as to_uid, quoted.name as to_name, quoted.aliases as to_aliases, edge.count
    from (
      select quoter_uid, quoted_uid, count from baked.quote_graph
      where year = ${year} and bid = 0
      order by count desc, quoter_uid, quoted_uid limit ${limit}
    ) edge
    join baked.users quoter on quoter.uid = edge.quoter_uid
    join baked.users quoted on quoted.uid = edge.quoted_uid
    order by edge.count desc, quoter.uid, quoted.uid`;
  const strongest = rows[0]?.count ?? 1;
  return rows.map((row) => ({
    from: { name: row.from_name, uid: row.from_uid, aliases: row.from_aliases },
    to: { name: row.to_name, uid: row.to_uid, aliases: row.to_aliases },
    count: row.count,
    intensity: row.count / strongest,
  }));
}
