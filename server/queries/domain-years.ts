import type { domains } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import type { Sql } from "./selection.ts";

type Kind = "link" | "image" | "video";

/** Years in which a domain was linked, ascending, with the links of each kind and in total. Raw SQL for `filter`. */
export async function findDomainYears(sql: Sql, domain: string) {
  const rows = await sql<(Row<typeof domains, "year" | "count"> & Record<Kind, number>)[]>`
    select year,
           coalesce(sum(count) filter (where type = 'link'), 0)::int as link,
           coalesce(sum(count) filter (where type = 'image'), 0)::int as image,
           coalesce(sum(count) filter (where type = 'video'), 0)::int as video,
           coalesce(sum(count) filter (where type = ''), 0)::int as count
    from baked.domains
    where domain = ${domain} and year > 0
    group by year order by year`;
  return [...rows];
}
