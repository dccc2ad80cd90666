/** What a crawl wants written: the vocabulary between the walk and the store. */
import type { ProfilePage } from "../read/profile-page.ts";
import type { Board, BoardsDocument, Category, ListedThread, ThreadDocument } from "../read/xml.ts";

export type Change =
  | { kind: "boards"; document: BoardsDocument }
  /** Threads as a listing shows them. */
  | { kind: "listed"; threads: ListedThread[] }
  /**
   * A page of a thread. `after`: the last pid of the page before, 0 on the first; `end`: on the last page, the pid behind
   * which the thread holds nothing; both NULL where they are not known.
   */
  | { kind: "page"; document: ThreadDocument; after: number | null; end: number | null }
  | { kind: "tags"; tid: number; tags: string[] }
  /** It is no longer there, or must no longer be read. One that is not listed meanwhile has news as soon as it is. */
  | { kind: "gone"; tid: number; isListed: boolean }
  /** On to the work list, or further up in it. */
  | { kind: "queue"; tid: number; start_page: number; est_number_of_posts: number | null }
  /** How far a thread on the work list has been read. */
  | { kind: "progress"; tid: number; start_page: number }
  | { kind: "done"; tid: number }
  /** Read from its first post to its last, and so done and checked. */
  | { kind: "read"; tid: number; page_shift: number }
  /** The patrol has looked at it. `check_page`: which of its pages is the next one's. */
  | { kind: "checked"; tid: number; check_page: number | null }
  /** Whether listings show these threads where they should stand. */
  | { kind: "unlisted"; tids: number[]; isUnlisted: boolean }
  /** The board's listing was walked to its end: what is read and closed becomes complete. */
  | { kind: "walked"; bid: number }
  | { kind: "profile"; page: ProfilePage };

/** What the changes did, for the summary. */
export interface Effects {
  posts_added: number;
  posts_changed: number;
  posts_hidden: number;
  threads_added: number;
  threads_gone: number;
  /** Too long for an index or a page. */
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

/** What a change is about, for people. */
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
      return `board ${change.bid}`;
    case "profile":
      return `profile ${change.page.uid}`;
    default:
      return `thread ${change.tid}`;
  }
}

/** A list in two, or nothing where it is one. */
function halves<T>(list: T[]): T[][] {
  const middle = Math.ceil(list.length / 2);
  return list.length < 2 ? [] : [list.slice(0, middle), list.slice(middle)];
}

/**
 * A change in smaller ones that come to the same, but for what a page tells of posts that are missing. The first part of a page
 * is its thread without posts, which the others need.
 * @returns nothing where it is about one post, thread, board or user
 */
export function partsOf(change: Change): Change[] {
  switch (change.kind) {
    case "page": {
      const parts = halves(change.document.posts);
      const some = parts.length > 0 ? [[], ...parts] : [];
      return some.map((posts) => ({ ...change, after: null, end: null, document: { ...change.document, posts } }));
    }
    case "listed":
      return halves(change.threads).map((threads) => ({ ...change, threads }));
    case "boards": {
      const { document } = change;
      const { categories, boards } = document;
      const of = (some: Category[], others: Board[]): Change => ({
        ...change,
        document: { ...document, categories: some, boards: others },
      });
      if (categories.length > 0 && boards.length > 0) return [of(categories, []), of([], boards)];
      return [...halves(categories).map((some) => of(some, [])), ...halves(boards).map((others) => of([], others))];
    }
    default:
      return [];
  }
}
