/** Changes: what walk/ asks store/ to write. */
import type { ProfilePage } from "../read/profile-page.ts";
import type { Board, BoardsDocument, Category, ListedThread, ThreadDocument } from "../read/xml.ts";

export type Change =
  | { kind: "boards"; document: BoardsDocument }
  /** Threads as a listing shows them. */
  | { kind: "listed"; threads: ListedThread[] }
  /** A page of a thread. */
  | { kind: "page"; document: ThreadDocument }
  /** Stored posts that the thread no longer shows. */
  | { kind: "vanished"; tid: number; pids: number[] }
  | { kind: "tags"; tid: number; tags: string[] }
  /**
   * The thread no longer exists, or may no longer be read. If it is not listed, listing it again counts as a change.
   */
  | { kind: "gone"; tid: number; isListed: boolean }
  /** Puts a thread on the work list, or lets it start from an earlier page. */
  | { kind: "queue"; tid: number; start_page: number; est_number_of_posts: number | null }
  /** How far a thread on the work list has been read. */
  | { kind: "progress"; tid: number; start_page: number }
  | { kind: "done"; tid: number }
  /** The thread was read from its first post to its last: done and checked. */
  | { kind: "read"; tid: number; page_shift: number }
  /** The patrol has checked the thread. `check_page`: the page to check next time. */
  | { kind: "checked"; tid: number; check_page: number | null }
  /** Whether these threads are missing from the part of a listing where they should be. */
  | { kind: "unlisted"; tids: number[]; isUnlisted: boolean }
  /** The board's listing was walked: threads that are closed and fully read become complete, except these. */
  | { kind: "walked"; bid: number; except: number[] }
  /** The patrol has read a page of the board's listing. `review_page`: the page to read next; null at the end. */
  | { kind: "reviewed"; bid: number; review_page: number | null }
  /** How many more threads the board's listing, read to its end, counts than are stored. */
  | { kind: "counted"; bid: number; surplus: number }
  | { kind: "profile"; page: ProfilePage };

/** Counts of what changed, for the summary. */
export interface Effects {
  posts_added: number;
  posts_changed: number;
  posts_hidden: number;
  threads_added: number;
  threads_gone: number;
  /** Values that were too long for an index or a page. */
  values_cut: number;
}

export const noEffects = (): Effects => ({
  posts_added: 0,
  posts_changed: 0,
  posts_hidden: 0,
  threads_added: 0,
  threads_gone: 0,
  values_cut: 0,
});

/** Names the subject of a change in messages. */
export function describe(change: Change): string {
  switch (change.kind) {
    case "boards": {
      const { categories, boards } = change.document;
      if (categories.length + boards.length > 1) return "list of boards";
      return boards.length > 0 ? `board ${boards[0]?.bid}` : `category ${categories[0]?.cid}`;
    }
    case "listed":
      return `listing of thread ${change.threads.map((thread) => thread.tid).join(", ")}`;
    case "page": {
      const { thread, page, posts } = change.document;
      return `thread ${thread.tid}, page ${page ?? "?"}${posts.length === 1 ? `, post ${posts[0]?.pid}` : ""}`;
    }
    case "unlisted":
      return `threads ${change.tids.slice(0, 10).join(", ")}`;
    case "walked":
    case "reviewed":
    case "counted":
      return `board ${change.bid}`;
    case "profile":
      return `profile ${change.page.uid}`;
    default:
      return `thread ${change.tid}`;
  }
}

/** Splits a list into two halves; no halves if it has fewer than two elements. */
function halves<T>(list: T[]): T[][] {
  const middle = Math.ceil(list.length / 2);
  return list.length < 2 ? [] : [list.slice(0, middle), list.slice(middle)];
}

/**
 * Splits a change into smaller ones with the same effect. The first part of a page is its thread without posts, which
 * the other parts reference.
 * @returns an empty list if the change concerns a single post, thread, board or user
 */
export function partsOf(change: Change): Change[] {
  switch (change.kind) {
    case "page": {
      const parts = halves(change.document.posts);
      const lists = parts.length > 0 ? [[], ...parts] : [];
      return lists.map((posts) => ({ ...change, document: { ...change.document, posts } }));
    }
    case "listed":
      return halves(change.threads).map((threads) => ({ ...change, threads }));
    case "boards": {
      const { document } = change;
      const { categories, boards } = document;
      const withOnly = (someCategories: Category[], someBoards: Board[]): Change => ({
        ...change,
        document: { ...document, categories: someCategories, boards: someBoards },
      });
      if (categories.length > 0 && boards.length > 0) return [withOnly(categories, []), withOnly([], boards)];
      return [
        ...halves(categories).map((half) => withOnly(half, [])),
        ...halves(boards).map((half) => withOnly([], half)),
      ];
    }
    default:
      return [];
  }
}
