/** The groups with the highest counts over several years. */
import { anyYear, type Fragment, type Range, type Sql } from "./selection.ts";

export interface Ranking {
  /** A table with a `count` for each year and group, and for all years as year 0; indexed by year, `count` and group. */
  table: Fragment;
  /** The columns that identify a group, in the order that breaks ties. */
  group: [Fragment, ...Fragment[]];
  /** On the table's other columns. */
  condition: Fragment;
  year: Range;
  limit: number;
}

/**
 * SQL for the groups with the highest counts over several years, and these counts, highest first. Reads only the tops of
 * lists that are sorted by count, so the time depends on the limit and not on the number of groups. This is the threshold
 * idea of Fagin, Lotem and Naor (2003). Of many years, all years together are such a list; of few years, each of them.
 */
export const topSums = (sql: Sql, ranking: Ranking): Fragment =>
  ranking.year.share * ranking.year.count >= 1 ? fromAllYears(sql, ranking) : fromEachYear(sql, ranking);

const listed = (sql: Sql, columns: Fragment[]): Fragment => columns.reduce((list, column) => sql`${list}, ${column}`);

/** Joins each group `g` with its count over the years, `total.count`, which is added up by the primary key. */
function joinTotals(sql: Sql, { table, group, condition, year }: Ranking): Fragment {
  const [first, ...others] = group;
  const same = others.reduce((all, column) => sql`${all} and t.${column} = g.${column}`, sql`t.${first} = g.${first}`);
  return sql`
    cross join lateral (
      select coalesce(sum(count), 0)::int as count from ${table} t
      where ${same} and t.year between ${year.first} and ${year.last} and ${condition}
    ) total`;
}

/**
 * 1. The first groups of all years together are added up over the range. The `limit`-th of these sums is a bound that
 *    the result cannot fall below.
 * 2. No group has more in the range than in all years. So only groups that reach the bound there can be in the result;
 *    of those that just reach it, only those that win the tie.
 */
function fromAllYears(sql: Sql, ranking: Ranking): Fragment {
  const { table, group, condition, year, limit } = ranking;
  const columns = listed(sql, ranking.group);
  const totals = joinTotals(sql, ranking);
  const depth = Math.min(4 * limit, Math.ceil(limit / year.share));
  const names = listed(
    sql,
    group.map((_, at) => sql`${sql(`bound_${at}`)}`),
  );
  const ofAll: Fragment = sql`select ${columns} from ${table} t where t.year = 0 and ${condition}`;
  return sql`
    with heads as materialized (
      select ${columns}, count from ${table} t where t.year = 0 and ${condition}
      order by count desc, ${columns} limit ${depth}
    ),
    sums as materialized (select ${columns}, total.count from heads g ${totals}),
    bound (${names}, bound) as materialized (
      select ${columns}, count from sums order by count desc, ${columns} offset ${limit - 1} limit 1
    ),
    further as (
      select further.* from bound cross join lateral (
        (${ofAll} and t.count > bound.bound and t.count <= (select min(count) from heads))
        union all
        (${ofAll} and t.count = bound.bound and (${columns}) <= (${names}))
      ) further
      except select ${columns} from heads
    )
    select ${columns}, count
    from (select * from sums union all select ${columns}, total.count from further g ${totals}) summed
    where count > 0
    order by count desc, ${columns} limit ${limit}`;
}

/**
 * 1. The first groups of each year are added up, as far as they are among these. The `limit`-th of these sums is a bound
 *    that the result cannot fall below.
 * 2. A group that reaches the bound in n years has at least an n-th of it in one of them. Of the groups that have so much
 *    in a year, those are added up that reach the bound if they just miss that part in every other year.
 */
function fromEachYear(sql: Sql, ranking: Ranking): Fragment {
  const { table, condition, year, limit } = ranking;
  const columns = listed(sql, ranking.group);
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
    part as materialized (select greatest(ceil(count::numeric / ${year.count}), 1)::int as count from bound),
    candidates as materialized (
      select ${columns} from years cross join lateral (
        select ${columns}, count from ${table} t where t.year = years.year and ${condition}
          and t.count >= (select count from part)
      ) strong
      group by ${columns}
      having sum(count) + (${year.count} - count(*)) * ((select count from part) - 1) >= (select count from bound)
    )
    select ${columns}, total.count from candidates g ${joinTotals(sql, ranking)}
    order by total.count desc, ${columns} limit ${limit}`;
}
