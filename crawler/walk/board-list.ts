/** Reads the list of boards. */
import { drizzleOn } from "@potstats/db/drizzle";
import { boards } from "@potstats/db/crawled";
import type { Row } from "@potstats/db/row";
import { asc, isNotNull } from "drizzle-orm";
import { isInterruption, recordFailure, type Run } from "./run.ts";

/**
 * Reads categories and boards.
 * @param isAll whether all boards are to be walked
 * @returns the boards in the forum's order, then those that have vanished from its list but not with all of their
 * threads; if the list cannot be read, the stored ones
 * @throws UnreadableError if all boards are to be walked, and none is stored
 */
export async function readBoards(run: Run, isAll: boolean): Promise<number[]> {
  try {
    const document = await run.forum.boards();
    for (const problem of document.problems) run.progress.note(problem);
    await run.commitQueue.write({ kind: "boards", document });
    const listed = document.boards.map(({ bid }) => bid);
    return isAll ? [...listed, ...(await vanishedBoards(run, listed))] : listed;
  } catch (error) {
    if (isInterruption(run, error)) throw error;
    const stored = await run.query((sql) =>
      drizzleOn(sql).select({ bid: boards.bid }).from(boards).where(isNotNull(boards.name)).orderBy(asc(boards.bid)),
    );
    if (isAll && stored.length === 0) throw error;
    await recordFailure(run, "list of boards", error);
    return stored.map(({ bid }) => bid);
  }
}

/**
 * Boards that were listed once and have threads that are not gone. Walking them tells whether only the list lacks them,
 * or their threads were withdrawn, too.
 */
async function vanishedBoards(run: Run, listed: number[]): Promise<number[]> {
  const vanished = await run.query(
    (sql) => sql<Row<typeof boards, "bid">[]>`
      select bid from boards
      where name is not null and bid <> all(${listed}::int[])
        and exists (select from threads where threads.bid = boards.bid and threads.gone_at is null)
      order by bid`,
  );
  return vanished.map(({ bid }) => bid);
}
