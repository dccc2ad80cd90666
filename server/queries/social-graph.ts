import { type Sql, userOf } from "./context.ts";

interface Row {
  from_uid: number;
  from_name: string;
  from_aliases: string[];
  to_uid: number;
  to_name: string;
  to_aliases: string[];
  count: number;
}

/** Who quotes whom, the strongest first; intensity is relative to the strongest. */
export async function socialGraph(sql: Sql, year: number, limit: number) {
  const rows = await sql<Row[]>`
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
    from: userOf({ uid: row.from_uid, name: row.from_name, aliases: row.from_aliases }),
    to: userOf({ uid: row.to_uid, name: row.to_name, aliases: row.to_aliases }),
    count: row.count,
    intensity: row.count / strongest,
  }));
}
