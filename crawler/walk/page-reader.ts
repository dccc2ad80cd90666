/** Reads the pages of a thread of which some cannot be read. */
import { UnreadableError } from "../forum/errors.ts";
import { maxId, type Refusal, type ThreadDocument } from "../read/xml.ts";
import { mergeSingle, postCount } from "./coverage.ts";
import { countPosts, perPage } from "./pages.ts";
import { recordFailure, type Run } from "./run.ts";

/** What the work list knows about a thread. */
export interface Listed {
  /** Number of posts as listed; 0 if unknown. */
  est_number_of_posts: number;
  /** As in the table `threads`. */
  check_page: number | null;
}

/** After this many unreadable pages in a row, a thread counts as unreadable. */
const maxUnreadable = 3;

/** Requests pages. One that cannot be read is a failure of its own, and hides no later page. */
export class PageReader {
  /** The first page that could not be read; the thread stays on the work list with this page. */
  hole: number | null = null;
  /** The last pages in a row that could not be read. */
  #unreadable: { page: number; error: UnreadableError }[] = [];

  /** @param listed null if a thread counts as unreadable with its first unreadable page */
  constructor(
    readonly run: Run,
    readonly tid: number,
    readonly listed: Listed | null,
  ) {}

  /**
   * @returns null if the page cannot be read, but others may follow
   * @throws UnreadableError if none follow, or after {@link maxUnreadable} such pages
   */
  async read(page: number): Promise<ThreadDocument | Refusal | null> {
    try {
      const document = await this.run.forum.thread(this.tid, { page });
      await this.#report();
      return document;
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      this.#unreadable.push({ page, error });
      if (this.#unreadable.length >= maxUnreadable || !(await this.#mayFollow(page))) throw this.#unreadable[0]?.error;
      this.hole ??= page;
      return null;
    }
  }

  /**
   * The page to go on with after the one that the reading began with: an earlier run has read the pages in between.
   * Each unreadable page lowers the number of stored posts, so this is at most the last page that was read.
   */
  async resume(page: number): Promise<number> {
    return Math.max(page + 1, Math.floor((await countPosts(this.run, this.tid, maxId)) / perPage));
  }

  /**
   * Reads one of the earlier pages, a different one in each run: as long as the thread is on the work list, the patrol
   * leaves it alone.
   */
  async checkEarlier(end: ThreadDocument, last: number): Promise<void> {
    const { run, tid } = this;
    const page = Math.min(this.listed?.check_page ?? last, last - 1);
    if (page < 1) return;
    const document = page === this.hole ? null : await this.read(page);
    await this.#report();
    if (document?.kind === "refusal") return;
    if (document) await mergeSingle(run, { document, isEnd: false }, postCount(end));
    await run.commitQueue.write({ kind: "checked", tid, check_page: page > 1 ? page - 1 : null });
  }

  /** Records the pages that could not be read although the thread can. */
  async #report(): Promise<void> {
    for (const { page, error } of this.#unreadable.splice(0))
      await recordFailure(this.run, `thread ${this.tid}, page ${page}`, error);
  }

  async #mayFollow(page: number): Promise<boolean> {
    if (!this.listed) return false;
    const { est_number_of_posts } = this.listed;
    const count = page * perPage;
    return (
      est_number_of_posts === 0 || est_number_of_posts > count || (await countPosts(this.run, this.tid, maxId)) > count
    );
  }
}
