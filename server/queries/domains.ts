import { domains as table } from "@potstats/db/baked";
import { and, desc, eq } from "drizzle-orm";
import { pick, type Placeholders, prepared } from "./prepared.ts";

/** Year 0 means all years, `type` "" all kinds of link. */
export interface DomainSelection {
  year: number;
  type: string;
  limit: number;
}

/** Linked domains, most links first. */
export const domains = prepared((db, { year, type, limit }: Placeholders<DomainSelection>) =>
  db
    .select(pick(table, "count", "domain"))
    .from(table)
    .where(and(eq(table.year, year), eq(table.type, type)))
    .orderBy(desc(table.count), table.domain)
    .limit(limit),
);
