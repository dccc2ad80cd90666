/** The entities of the forum. Times are Unix seconds. */

export interface Person {
  uid: number;
  /** All names with their first moments, oldest first. */
  names: { from: number; name: string }[];
  /** 1: administrator, 3: member, 6: moderator; null: deleted account. */
  gid: 1 | 3 | 6 | null;
  isBanned: boolean;
  joined: number;
  left: number;
  /** The relative frequency of posts. */
  activity: number;
  /** Favorite boards. */
  boards: Set<number>;
  /** Preferred hours of the day: a key of `hoursOf`. */
  rhythm: "day" | "evening" | "night";
  /** The share of the posts that quote, 0 to 1. */
  quoting: number;
  /** The tendency to write long posts, 0 to 1. */
  chatty: number;
  /** Uids of friends, whose posts are quoted more often. */
  friends: Set<number>;
  avatar: { avid: number; path: string } | null;
  rank: { name: string; color: string; bars: number };
  /** Whether the profile shows the last visit. */
  isPublic: boolean;
  accountState: string;
}

export interface Board {
  bid: number;
  cid: number;
  name: string;
  description: string;
  /** Keys of `topics`. */
  topics: string[];
  weight: number;
  /** The share of the posts that open a thread. */
  opening: number;
  opened: number;
  /** Listed, but not readable. */
  isRestricted: boolean;
  /** The error of the reply counter. */
  replyOffset: number;
  moderators: Person[];
  threads: Thread[];
}

export interface Category {
  cid: number;
  name: string;
  description: string;
  boards: Board[];
}

export interface Thread {
  tid: number;
  /** Home boards with their first moments, oldest first. */
  homes: { from: number; board: Board }[];
  titles: { from: number; title: string }[];
  subtitle: string;
  topic: string;
  /** Oldest first, with ascending ids. */
  posts: Post[];
  closed: number | null;
  isSticky: boolean;
  isImportant: boolean;
  isAnnouncement: boolean;
  isGlobal: boolean;
  tags: string[];
  hits: number;
  /** The error of the reply counter. */
  replyOffset: number;
  /** The root of the error document served instead of the thread, its period, and whether lists omit the thread. */
  refusal: {
    from: number;
    until?: number;
    root: "invalid-thread" | "thread-hidden" | "no-access";
    isUnlisted?: boolean;
  } | null;
  /** The thread into which it is merged, and the moment. */
  merged: { from: number; into: Thread } | null;
  /** Threads that are merged into this one at some moment. */
  absorbed: Thread[];
}

export interface Post {
  pid: number;
  time: number;
  person: Person;
  thread: Thread;
  quoted: Post[];
  icon: number;
  /** A fixed text; null: generated from the seed on demand. */
  text: string | null;
  title: string;
  edits: { time: number; person: Person; addition: string }[];
  /** From when on the text or the whole post is hidden. */
  hidden: { from: number; kind: "text" | "post" } | null;
}

/** A person's name at a moment. */
export function nameAt(person: Person, time: number): string {
  const { names } = person;
  for (let index = names.length - 1; index > 0; index--) {
    const entry = names[index];
    if (entry && entry.from <= time) return entry.name;
  }
  return names[0]?.name ?? String(person.uid);
}

/** A thread's home board at a moment. */
export function homeAt(thread: Thread, time: number): Board {
  const home = thread.homes.findLast((entry) => entry.from <= time) ?? thread.homes[0];
  if (!home) throw new Error(`thread ${thread.tid} has no board`);
  return home.board;
}

/** The root of the error document served instead of a thread at a moment; null if the thread is served. */
export function refusalAt(thread: Thread, time: number): NonNullable<Thread["refusal"]>["root"] | null {
  if (thread.merged && thread.merged.from <= time) return "invalid-thread";
  const { refusal } = thread;
  return refusal && refusal.from <= time && time < (refusal.until ?? Infinity) ? refusal.root : null;
}

/** The thread that contains a post at a moment. */
export function threadAt({ thread }: Post, time: number): Thread {
  return thread.merged && thread.merged.from <= time ? thread.merged.into : thread;
}

/** A thread's title at a moment. */
export function titleAt(thread: Thread, time: number): string {
  return (thread.titles.findLast((entry) => entry.from <= time) ?? thread.titles[0])?.title ?? "";
}

/** Creates a thread without posts. */
export function newThread(board: Board, since: number, title: string, more: Partial<Thread> = {}): Thread {
  return {
    tid: 0,
    homes: [{ from: since, board }],
    titles: [{ from: since, title }],
    subtitle: "",
    topic: board.topics[0] ?? "life",
    posts: [],
    closed: null,
    isSticky: false,
    isImportant: false,
    isAnnouncement: false,
    isGlobal: false,
    tags: [],
    hits: 0,
    replyOffset: 0,
    refusal: null,
    merged: null,
    absorbed: [],
    ...more,
  };
}

/** Appends a post to its thread. Its id is assigned later, when all posts are in chronological order. */
export function addPost(thread: Thread, time: number, person: Person, more: Partial<Post> = {}): Post {
  const post: Post = {
    pid: 0,
    time,
    person,
    thread,
    quoted: [],
    icon: 0,
    text: null,
    title: "",
    edits: [],
    hidden: null,
    ...more,
  };
  thread.posts.push(post);
  return post;
}
