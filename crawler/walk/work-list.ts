/** Reading the threads of the work list, the longest first, while boards are still being walked. */
import type { Phase } from "@potstats/cli/progress";
import { perPage, readThread } from "./thread.ts";
import { each, fail, interrupted, type Run } from "./run.ts";

interface Entry {
  tid: number;
  start_page: number | null;
  est_number_of_posts: number;
  needs_tags: boolean;
  is_known: boolean;
  page_shift: number;
}

export class WorkList {
  /** Ends when every thread has been begun that was to be read so far. */
  #begun: Promise<void> = Promise.resolve();
  /** Threads being read: one that moved may be listed by two boards. */
  #reading = new Set<number>();
  #phase: Phase | null = null;
  #readers = 0;
  #total = { threads: 0, posts: 0 };
  #threads = 0;

  constructor(readonly run: Run) {}

  /**
   * Reads threads to their end. Boards are taken one after the other, but a board does not wait for the last threads of
   * the one before. A thread that cannot be read stays on the list.
   * @param bid only the threads of this board
   */
  async read(bid: number | null = null): Promise<void> {
    const { run } = this;
    const turn = Promise.withResolvers<void>();
    const before = this.#begun;
    this.#begun = turn.promise;
    const tried = [...run.unreadable];
    try {
      const total = await this.#size(bid, tried);
      if (total.threads === 0) return;
      this.#open(total);
      try {
        await before;
        await each(run, this.#entries(bid, tried), (entry) => this.#readThread(entry), turn.resolve);
      } finally {
        this.#close();
      }
    } finally {
      // Had it nothing to begin, or failed: the next one's turn comes when that of those before has come.
      void before.then(turn.resolve);
    }
  }

  async #size(bid: number | null, tried: number[]): Promise<{ threads: number; posts: number }> {
    const [size] = await this.run.query(
      (sql) => sql<{ threads: number; posts: number }[]>`
        select count(*)::int as threads,
          coalesce(sum(greatest(1, est_number_of_posts - ${perPage}::bigint * (greatest(start_page, 1) - 1))), 0)::float8 as posts
        from worldeater_tnu join threads using (tid) where (${bid}::int is null or bid = ${bid}) and tid <> all(${tried}::int[])`,
    );
    return size ?? { threads: 0, posts: 0 };
  }

  /** The longest first: they take the most requests, one after the other, and nobody shall wait for them at the end. */
  async *#entries(bid: number | null, tried: number[]): AsyncGenerator<Entry> {
    let last: Pick<Entry, "tid" | "est_number_of_posts"> = { tid: 0, est_number_of_posts: 2 ** 31 };
    while (true) {
      const { tid, est_number_of_posts } = last;
      const list = await this.run.query(
        (sql) => sql<Entry[]>`
          select tid, start_page, coalesce(est_number_of_posts, 0) as est_number_of_posts, tags is null as needs_tags,
            last_pid is not null as is_known, page_shift
          from worldeater_tnu join threads using (tid)
          where (-coalesce(est_number_of_posts, 0)::bigint, tid) > (${-est_number_of_posts}::bigint, ${tid})
            and (${bid}::int is null or bid = ${bid}) and tid <> all(${tried}::int[])
          order by -coalesce(est_number_of_posts, 0)::bigint, tid limit 500`,
      );
      yield* list;
      const end = list.at(-1);
      if (!end) return;
      last = end;
    }
  }

  async #readThread({ start_page, ...entry }: Entry): Promise<void> {
    const { run } = this;
    const { tid } = entry;
    if (this.#reading.has(tid)) return;
    this.#reading.add(tid);
    run.begun.add(tid);
    this.#phase?.detail(`thread ${++this.#threads} of ${this.#total.threads}`);
    try {
      const tick = (posts: number) => this.#phase?.add(posts);
      await readThread(run, { ...entry, start: Math.max(start_page ?? 1, 1), tick });
    } catch (error) {
      if (interrupted(run, error)) return;
      await fail(run, `thread ${tid}`, error);
      run.unreadable.add(tid);
    } finally {
      this.#reading.delete(tid);
    }
  }

  #open({ threads, posts }: { threads: number; posts: number }): void {
    this.#readers++;
    this.#total.threads += threads;
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
