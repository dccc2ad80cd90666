import { anyYear, type Fragment, type Sql, type Years } from "./selection.ts";

export interface Ranking {
  /** A table with a `count` for each year and group, indexed by year, `count` (descending) and group. */
  table: Fragment;
  /** The columns that identify a group, in the order that breaks ties. */
  group: [Fragment, ...Fragment[]];
  /** On the table's other columns. */
  condition: Fragment;
  year: Years;
  limit: number;
}

/**
 * SQL for the groups with the highest counts over several years, and these counts, highest first. Reads only the top of
 * each year, not every group:
 *
 * 1. The `limit` first groups of each year are added up, as far as they are among these. The `limit`-th of the sums is a
 *    bound that the result cannot fall below.
 * 2. A group that reaches the bound in n years has at least an n-th of it in one of them. These groups are the
 *    candidates, and each is added up by its primary key.
 *
 * This is the threshold idea of Fagin, Lotem and Naor (2003).
 */
export function topSums(sql: Sql, { table, group, condition, year, limit }: Ranking): Fragment {
  const [first, ...others] = group;
  const columns = others.reduce((list, column) => sql`${list}, ${column}`, sql`${first}`);
  const same = others.reduce((all, column) => sql`${all} and t.${column} = g.${column}`, sql`t.${first} = g.${first}`);
  const total = sql`
    cross join lateral (
      select sum(count)::int as count from ${table} t
      where ${same} and t.year between ${year.first} and ${year.last} and ${condition}
    ) total`;
  return sql`
    with years as materialized (select year from baked.yearly_stats where bid = 0 and year = ${anyYear(sql, year)}),
    heads as materialized (
      select ${columns}, sum(count) as count from years cross join lateral (
        select ${columns}, count from ${table} t where t.year = years.year and ${condition}
        order by count desc, ${columns} limit ${limit}
      ) head group by ${columns}
    ),
    bound as materialized (
      select coalesce((select count from heads order by count desc offset ${limit - 1} limit 1), 0) as count
    ),
    candidates as materialized (
      select distinct ${columns} from years cross join lateral (
        select ${columns} from ${table} t where t.year = years.year and ${condition}
          and t.count >= (select ceil(bound.count::numeric / (select count(*) from years))::int from bound)
      ) candidate
    )
    select ${columns}, total.count from candidates g ${total}
    order by total.count desc, ${columns} limit ${limit}`;
}
