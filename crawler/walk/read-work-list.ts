/** Reads the threads of the work list, longest first, while boards are still being walked. */
import type { Phase } from "@potstats/cli/progress";
import type { Row } from "@potstats/db/row";
import type { threads, worldeaterTnu } from "@potstats/db/crawled";
import { perPage } from "./pages.ts";
import type { Listed } from "./page-reader.ts";
import { readThread } from "./read-thread.ts";
import { forEach, isInterruption, recordFailure, type Run } from "./run.ts";

type Entry = Row<typeof worldeaterTnu, "tid" | "start_page"> &
  Row<typeof threads, "page_shift"> &
  Listed & {
    needs_tags: boolean;
    is_known: boolean;
  };

export class WorkListReader {
  /** Resolves when every thread of the calls so far has been begun. */
  #begun: Promise<void> = Promise.resolve();
  /** Threads that are being read: two boards may list a thread that moved. */
  #reading = new Set<number>();
  #phase: Phase | null = null;
  #readers = 0;
  #total = { threads: 0, posts: 0 };
  #threads = 0;

  constructor(readonly run: Run) {}

  /**
   * Reads threads to their end. Boards are read in order, but a board does not wait for the last threads of the
   * previous one. A thread that cannot be read remains on the list.
   * @param bid the board whose threads are read; null reads those of all boards
   */
  async read(bid: number | null = null): Promise<void> {
    const { run } = this;
    const turn = Promise.withResolvers<void>();
    const before = this.#begun;
    this.#begun = turn.promise;
    const unreadable = [...run.unreadableThreads];
    try {
      const total = await this.#size(bid, unreadable);
      if (total.threads === 0) return;
      this.#open(total);
      try {
        await before;
        await forEach(run, this.#entries(bid, unreadable), (entry) => this.#readThread(entry), turn.resolve);
      } finally {
        this.#close();
      }
    } finally {
      // With nothing to begin, or after an error, the next board starts as soon as all threads before it have begun.
      void before.then(turn.resolve);
    }
  }

  async #size(bid: number | null, unreadable: number[]): Promise<{ threads: number; posts: number }> {
    const [size] = await this.run.query(
      (sql) => sql<{ threads: number; posts: number }[]>`
        select count(*)::int as threads,
          coalesce(sum(greatest(1, est_number_of_posts - ${perPage}::bigint * (greatest(start_page, 1) - 1))), 0)::float8 as posts
        from worldeater_tnu join threads using (tid)
        where (${bid}::int is null or bid = ${bid}) and tid <> all(${unreadable}::int[])`,
    );
    return size ?? { threads: 0, posts: 0 };
  }

  /** Longest first: a thread's requests are sequential, so a long thread at the end would keep the crawl waiting. */
  async *#entries(bid: number | null, unreadable: number[]): AsyncGenerator<Entry> {
    let last: Pick<Entry, "tid" | "est_number_of_posts"> = { tid: 0, est_number_of_posts: 2 ** 31 };
    while (true) {
      const { tid, est_number_of_posts } = last;
      const entries = await this.run.query(
        (sql) => sql<Entry[]>`
          select tid, start_page, coalesce(est_number_of_posts, 0) as est_number_of_posts, tags is null as needs_tags,
            last_pid is not null as is_known, page_shift, check_page
          from worldeater_tnu join threads using (tid)
          where (-coalesce(est_number_of_posts, 0)::bigint, tid) > (${-est_number_of_posts}::bigint, ${tid})
            and (${bid}::int is null or bid = ${bid}) and tid <> all(${unreadable}::int[])
          order by -coalesce(est_number_of_posts, 0)::bigint, tid limit 500`,
      );
      yield* entries;
      const end = entries.at(-1);
      if (!end) return;
      last = end;
    }
  }

  async #readThread({ start_page, ...entry }: Entry): Promise<void> {
    const { run } = this;
    const { tid } = entry;
    if (this.#reading.has(tid)) return;
    this.#reading.add(tid);
    run.begunThreads.add(tid);
    this.#phase?.detail(`thread ${++this.#threads} of ${this.#total.threads}`);
    try {
      const tick = (posts: number) => this.#phase?.add(posts);
      await readThread(run, { ...entry, start: Math.max(start_page ?? 1, 1), listed: entry, tick });
    } catch (error) {
      if (isInterruption(run, error)) return;
      await recordFailure(run, `thread ${tid}`, error);
      run.unreadableThreads.add(tid);
    } finally {
      this.#reading.delete(tid);
    }
  }

  #open({ threads: count, posts }: { threads: number; posts: number }): void {
    this.#readers++;
    this.#total.threads += count;
    this.#total.posts += posts;
    this.#phase ??= this.run.progress.phase("threads", { unit: "posts", traffic: this.run.forum.traffic });
    this.#phase.total(this.#total.posts);
  }

  #close(): void {
    if (--this.#readers > 0) return;
    this.#phase?.done(this.run.signal.aborted ? "interrupted" : "");
    this.#phase = null;
    this.#total = { threads: 0, posts: 0 };
    this.#threads = 0;
  }
}
