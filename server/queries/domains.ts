import type { domains } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { anyYear, isRange, type Sql, type Years } from "./selection.ts";
import { type Ranking, topSums } from "./top-sums.ts";

/** `type` "" means all kinds of links. */
export interface DomainSelection {
  year: Years;
  type: string;
  limit: number;
}

type DomainRow = Row<typeof domains, "count" | "domain">;
type TotaledRow = DomainRow & { total: number };

// Raw SQL for sums, and for the window that sums all rows in the same snapshot.
const domainsOfYear = (sql: Sql, { year, type, limit }: DomainSelection) => sql<TotaledRow[]>`
  select count, domain, (sum(count) over ())::int as total from baked.domains
  where year = ${year.first} and type = ${type}
  order by count desc, domain limit ${limit}`;

const domainsOfUser = (sql: Sql, { year, type, limit, uid }: DomainSelection & { uid: number }) => sql<TotaledRow[]>`
  select sum(count)::int as count, domain, (sum(sum(count)) over ())::int as total from baked.user_domains
  where uid = ${uid} and year = ${anyYear(sql, year)} and type = ${type}
  group by domain order by 1 desc, domain limit ${limit}`;

function domainsOfYears(sql: Sql, { year, type, limit }: DomainSelection) {
  const ranking: Ranking = {
    table: sql`baked.domains`,
    group: [sql`domain`],
    condition: sql`type = ${type}`,
    year,
    limit,
  };
  return sql<TotaledRow[]>`
    select count, domain,
           (select sum(count)::int from baked.domains where year = ${anyYear(sql, year)} and type = ${type}) as total
    from (${topSums(sql, ranking)}) ranked`;
}

/** Linked domains, most links first, and the number of links to all domains; of one user, or of all. */
export async function findDomains(
  sql: Sql,
  { uid, ...selection }: DomainSelection & { uid?: number | undefined },
): Promise<{ rows: DomainRow[]; total: number }> {
  const ofAll = isRange(selection.year) ? domainsOfYears : domainsOfYear;
  const rows = await (uid === undefined ? ofAll(sql, selection) : domainsOfUser(sql, { uid, ...selection }));
  return { rows: rows.map(({ count, domain }) => ({ count, domain })), total: rows[0]?.total ?? 0 };
}
