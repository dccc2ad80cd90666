import { posterStats } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { and, eq, gt } from "drizzle-orm";
import type { Sql } from "./selection.ts";
import { pick, type Placeholders, prepared } from "./prepared.ts";

/** A user's counts, in the order in which the API shows them. */
const posterCounts = [
  "post_count",
  "edit_count",
  "threads_created",
  "quoted_count",
  "quotes_count",
  "avg_post_length",
] as const;
export type PosterCounts = Row<typeof posterStats, (typeof posterCounts)[number]>;

interface UserInBoard {
  uid: number;
  bid: number;
}

const yearsWithPosts = prepared((db, { uid, bid }: Placeholders<UserInBoard>) =>
  db
    .select(pick(posterStats, "year", ...posterCounts))
    .from(posterStats)
    .where(and(eq(posterStats.uid, uid), eq(posterStats.bid, bid), gt(posterStats.year, 0)))
    .orderBy(posterStats.year),
);

const zeros: PosterCounts = {
  post_count: 0,
  edit_count: 0,
  threads_created: 0,
  quoted_count: 0,
  quotes_count: 0,
  avg_post_length: 0,
};

/** A user's years in a board (0: all boards); gaps between the first and the last year are filled with zeros. */
export async function findPosterDevelopment(sql: Sql, { uid, bid }: UserInBoard) {
  const rows = await yearsWithPosts(sql, { uid, bid });
  return rows.flatMap((row, at) => {
    const previous = rows[at - 1]?.year ?? row.year - 1;
    const gap = Array.from({ length: row.year - previous - 1 }, (_, n) => ({ year: previous + 1 + n, ...zeros }));
    return [...gap, row];
  });
}
