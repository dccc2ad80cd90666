/** The forum at one moment of its history. */
import type { History } from "./history.ts";
import { type Board, homeAt, type Post, refusalAt, type Thread } from "./model.ts";

export class State {
  #visible = new Map<Thread, Post[]>();
  #lists = new Map<Board, Thread[]>();
  #threads = new Map<Board, Thread[]>();

  constructor(
    readonly history: History,
    readonly now: number,
  ) {}

  /** All posts of a thread so far, visible or not. */
  allPosts(thread: Thread): Post[] {
    const absorbed = thread.absorbed.filter(({ merged }) => merged && merged.from <= this.now);
    if (absorbed.length > 0)
      return [thread, ...absorbed]
        .flatMap(({ posts }) => posts.filter((post) => post.time <= this.now))
        .toSorted((a, b) => a.pid - b.pid);
    const { posts } = thread;
    if ((posts.at(-1)?.time ?? 0) <= this.now) return posts;
    return posts.slice(
      0,
      firstAfter(posts, (post) => post.time > this.now),
    );
  }

  isVisible(post: Post): boolean {
    return post.time <= this.now && !(post.hidden?.kind === "post" && post.hidden.from <= this.now);
  }

  isTextHidden(post: Post): boolean {
    return post.hidden?.kind === "text" && post.hidden.from <= this.now;
  }

  /** The posts that readers see. */
  visiblePosts(thread: Thread): Post[] {
    let posts = this.#visible.get(thread);
    if (!posts) {
      posts = this.allPosts(thread);
      if (posts.some((post) => !this.isVisible(post))) posts = posts.filter((post) => this.isVisible(post));
      this.#visible.set(thread, posts);
    }
    return posts;
  }

  exists(thread: Thread): boolean {
    return (thread.posts[0]?.time ?? Infinity) <= this.now;
  }

  /** The reply counter as the forum shows it: includes hidden posts and is not always correct. */
  replies(thread: Thread): number {
    return Math.max(0, this.allPosts(thread).length - 1 + thread.replyOffset);
  }

  /** The threads whose home is this board, latest reply first. */
  threadsOf(board: Board): Thread[] {
    let threads = this.#threads.get(board);
    if (!threads) {
      threads = board.threads
        .filter((thread) => this.exists(thread) && this.#isListed(thread) && homeAt(thread, this.now) === board)
        .toSorted((a, b) => this.lastTime(b) - this.lastTime(a) || b.tid - a.tid);
      this.#threads.set(board, threads);
    }
    return threads;
  }

  #isListed(thread: Thread): boolean {
    if (thread.merged && thread.merged.from <= this.now) return false;
    return !thread.refusal?.isUnlisted || refusalAt(thread, this.now) === null;
  }

  /** The time of the last visible post, or of the opening post if none is visible. */
  lastTime(thread: Thread): number {
    return (this.visiblePosts(thread).at(-1) ?? thread.posts[0])?.time ?? 0;
  }

  /** The board's list: global and pinned threads first, then the others, latest reply first. */
  list(board: Board): Thread[] {
    let list = this.#lists.get(board);
    if (!list) {
      const globals = this.history.threads.filter((thread) => thread.isGlobal && this.exists(thread));
      const own = this.threadsOf(board);
      const isPinned = (thread: Thread) => thread.isSticky || thread.isAnnouncement || thread.isImportant;
      list = [
        ...globals,
        ...own.filter((thread) => isPinned(thread) && !thread.isGlobal),
        ...own.filter((thread) => !isPinned(thread) && !thread.isGlobal),
      ];
      this.#lists.set(board, list);
    }
    return list;
  }
}

/** The index of the first item for which `isAfter` holds, by binary search. It must hold for all later items, too. */
export function firstAfter<T>(items: readonly T[], isAfter: (item: T) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && isAfter(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}
