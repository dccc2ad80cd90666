import { boards, type yearlyStats } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { eq } from "drizzle-orm";
import { pick, type Placeholders, prepared } from "./prepared.ts";
import { anyYear, type OptionalUserSelection, type Sql } from "./selection.ts";

type BoardRow = Row<typeof boards, "bid" | "name" | "description"> & {
  thread_count: Row<typeof yearlyStats>["threads_created"];
  post_count: Row<typeof yearlyStats>["post_count"];
};

/** Boards with posts in the selection, ordered by bid. Raw SQL for the sums over several years. */
export async function findBoards(sql: Sql, { year, uid }: Omit<OptionalUserSelection, "bid">): Promise<BoardRow[]> {
  const counts =
    uid === undefined ? sql`baked.yearly_stats` : sql`(select * from baked.poster_stats where uid = ${uid}) of_user`;
  const rows = await sql<BoardRow[]>`
    select bid, name, description, thread_count, post_count
    from (
      select bid, sum(threads_created)::int as thread_count, sum(post_count)::int as post_count
      from ${counts} where year = ${anyYear(sql, year)} and bid > 0 group by bid
    ) of_board join baked.boards using (bid)
    order by bid`;
  return [...rows];
}

const byBid = prepared((db, { bid }: Placeholders<{ bid: number }>) =>
  db.select(pick(boards, "name")).from(boards).where(eq(boards.bid, bid)),
);

/** A board by id; undefined if there is none. */
export async function findBoard(sql: Sql, bid: number) {
  const [board] = await byBid(sql, { bid });
  return board;
}
