import { domains } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { and, desc, eq } from "drizzle-orm";
import { pick, type Placeholders, prepared } from "./prepared.ts";
import { anyYear, isRange, type Sql, type Years } from "./selection.ts";
import { type Ranking, topSums } from "./top-sums.ts";

/** `type` "" means all kinds of links. */
export interface DomainSelection {
  year: Years;
  type: string;
  limit: number;
}

type DomainRow = Row<typeof domains, "count" | "domain">;

const domainsOfYear = prepared(
  (db, { year, type, limit }: Placeholders<Omit<DomainSelection, "year"> & { year: number }>) =>
    db
      .select(pick(domains, "count", "domain"))
      .from(domains)
      .where(and(eq(domains.year, year), eq(domains.type, type)))
      .orderBy(desc(domains.count), domains.domain)
      .limit(limit),
);

/** Raw SQL for the sums. */
const domainsOfUser = (sql: Sql, { year, type, limit, uid }: DomainSelection & { uid: number }) => sql<DomainRow[]>`
  select sum(count)::int as count, domain from baked.user_domains
  where uid = ${uid} and year = ${anyYear(sql, year)} and type = ${type}
  group by domain order by 1 desc, domain limit ${limit}`;

/** Linked domains, most links first; of one user, or of all. */
export async function findDomains(
  sql: Sql,
  { uid, ...selection }: DomainSelection & { uid?: number | undefined },
): Promise<DomainRow[]> {
  if (uid !== undefined) return [...(await domainsOfUser(sql, { uid, ...selection }))];
  const { year, type, limit } = selection;
  if (!isRange(year)) return await domainsOfYear(sql, { year: year.first, type, limit });
  const ranking: Ranking = {
    table: sql`baked.domains`,
    group: [sql`domain`],
    condition: sql`type = ${type}`,
    year,
    limit,
  };
  return [...(await sql<DomainRow[]>`select count, domain from (${topSums(sql, ranking)}) ranked`)];
}
