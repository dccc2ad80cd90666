/** Reads the tags of threads. */
import { ForumRefusesError, UnreadableError } from "../forum/errors.ts";
import type { Change } from "../store/changes.ts";
import { recordFailure, type Run } from "./run.ts";

/** Reads the tags of a thread. @returns no change if they cannot be read: the posts need not be read again for that */
export async function readTags(run: Run, tid: number): Promise<Change[]> {
  try {
    return [{ kind: "tags", tid, tags: await run.forum.tags(tid) }];
  } catch (error) {
    if (error instanceof ForumRefusesError && error.part === "tags") {
      if (!run.failures.some(({ what }) => what === "tags"))
        await recordFailure(run, "tags", new UnreadableError(error.message));
    } else if (error instanceof UnreadableError) run.progress.note(error.message);
    else throw error;
    return [];
  }
}
