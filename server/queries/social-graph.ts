import type { quoteGraph } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { type Fragment, isMeasuredRange, measured, type Range, type Sql, type Years } from "./selection.ts";
import { topSums } from "./top-sums.ts";
import type { User } from "./user.ts";

interface Edge extends Row<typeof quoteGraph, "count"> {
  from_uid: User["uid"];
  from_name: User["name"];
  from_aliases: User["aliases"];
  to_uid: User["uid"];
  to_name: User["name"];
  to_aliases: User["aliases"];
}

interface EdgeSelection {
  year: Years;
  limit: number;
  uid?: number | undefined;
}

interface MeasuredSelection extends EdgeSelection {
  year: Years | Range;
}

/** Who quotes whom, strongest first; intensity is relative to the strongest. Raw SQL for a `limit` before the joins. */
export async function findSocialGraph(sql: Sql, selection: EdgeSelection) {
  const year = await measured(sql, selection.year);
  const rows = await sql<Edge[]>`
    select quoter.uid as from_uid, quoter.name as from_name, quoter.aliases as from_aliases,
           quoted.uid as to_uid, quoted.name as to_name, quoted.aliases as to_aliases, edge.count
    from (${strongestEdges(sql, { ...selection, year })}) edge
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

function strongestEdges(sql: Sql, { uid, ...selection }: MeasuredSelection): Fragment {
  if (uid === undefined) return strongestOf(sql, selection, sql``);
  // Whom a user quotes, and who quotes the user: each direction has an index.
  return sql`
    select quoter_uid, quoted_uid, count
    from (
      (${strongestOf(sql, selection, sql`and quoter_uid = ${uid}`)})
      union all
      (${strongestOf(sql, selection, sql`and quoted_uid = ${uid} and quoter_uid <> ${uid}`)})
    ) both_directions
    order by count desc, quoter_uid, quoted_uid limit ${selection.limit}`;
}

function strongestOf(sql: Sql, { year, limit }: MeasuredSelection, further: Fragment): Fragment {
  const table: Fragment = sql`baked.quote_graph`;
  const condition: Fragment = sql`bid = 0 ${further}`;
  if (isMeasuredRange(year))
    return topSums(sql, { table, group: [sql`quoter_uid`, sql`quoted_uid`], condition, year, limit });
  return sql`
    select quoter_uid, quoted_uid, count from ${table}
    where year = ${year.first} and ${condition}
    order by count desc, quoter_uid, quoted_uid limit ${limit}`;
}
