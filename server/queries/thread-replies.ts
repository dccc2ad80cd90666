import { threadReplies } from "@potstats/db/baked";
import { and, eq, gt } from "drizzle-orm";
import type { Sql } from "./selection.ts";
import type { OpeningSelection } from "./threads.ts";
import { pick, type Placeholders, prepared } from "./prepared.ts";

const values = [
  "threads",
  "unanswered",
  "first_reply_p50_s",
  "first_reply_p90_s",
  "lifetime_p50_s",
  "lifetime_p90_s",
] as const;

const ofSelection = prepared((db, { year, bid }: Placeholders<OpeningSelection>) =>
  db
    .select(pick(threadReplies, "year", ...values))
    .from(threadReplies)
    .where(and(eq(threadReplies.bid, bid), eq(threadReplies.year, year))),
);

const ofYears = prepared((db, { bid }: Placeholders<Pick<OpeningSelection, "bid">>) =>
  db
    .select(pick(threadReplies, "year", ...values))
    .from(threadReplies)
    .where(and(eq(threadReplies.bid, bid), gt(threadReplies.year, 0)))
    .orderBy(threadReplies.year),
);

const noThreads = {
  threads: 0,
  unanswered: 0,
  first_reply_p50_s: null,
  first_reply_p90_s: null,
  lifetime_p50_s: null,
  lifetime_p90_s: null,
};

/** The opening years of the selection that have threads, ascending, and all of them together. */
export async function findThreadReplies(sql: Sql, { year, bid }: OpeningSelection) {
  const [rows, [total]] = await Promise.all([
    year === 0 ? ofYears(sql, { bid }) : ofSelection(sql, { year, bid }),
    ofSelection(sql, { year, bid }),
  ]);
  if (!total) return { rows, total: noThreads };
  const { year: _year, ...numbers } = total;
  return { rows, total: numbers };
}
