import { domains } from "@potstats/db/baked";
import { and, desc, eq } from "drizzle-orm";
import { pick, type Placeholders, prepared } from "./prepared.ts";

/** Year 0 means all years, `type` "" all kinds of links. */
export interface DomainSelection {
  year: number;
  type: string;
  limit: number;
}

/** Linked domains, most links first. */
export const findDomains = prepared((db, { year, type, limit }: Placeholders<DomainSelection>) =>
  db
    .select(pick(domains, "count", "domain"))
    .from(domains)
    .where(and(eq(domains.year, year), eq(domains.type, type)))
    .orderBy(desc(domains.count), domains.domain)
    .limit(limit),
);
