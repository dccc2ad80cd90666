/** What the forum consists of. Times are Unix seconds. */

export interface Person {
  uid: number;
  /** Every name with the moment it was taken, oldest first. */
  names: { from: number; name: string }[];
  /** 1 administrator, 3 member, 6 moderator; null for a deleted account. */
  gid: 1 | 3 | 6 | null;
  isBanned: boolean;
  joined: number;
  left: number;
  /** Weight among all writers. */
  activity: number;
  /** Favourite boards. */
  boards: Set<number>;
  /** Hours of the day that the person likes: a kind of `hoursOf`. */
  rhythm: "day" | "evening" | "night";
  /** Share of the posts that quote, 0 to 1. */
  quoting: number;
  /** Length of the posts, 0 to 1. */
  chatty: number;
  /** Friends' uids: answered more often than others. */
  friends: Set<number>;
  avatar: { avid: number; path: string } | null;
  rank: { name: string; colour: string; bars: number };
  /** Whether the profile shows the last visit. */
  isPublic: boolean;
  accountState: string;
}

export interface Board {
  bid: number;
  cid: number;
  name: string;
  description: string;
  /** Kinds of talk, keys of `topics`. */
  topics: string[];
  weight: number;
  /** Share of the posts that open a thread. */
  opening: number;
  opened: number;
  /** Listed, but may not be read. */
  isClosedToUs: boolean;
  /** Added to the reply counter. */
  lie: number;
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
  /** Home boards with the moment since when, oldest first. */
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
  /** Added to the reply counter. */
  lie: number;
  /** Root that answers instead of the thread, since when and until when, and whether lists go on to show it. */
  refusal: {
    from: number;
    until?: number;
    root: "invalid-thread" | "thread-hidden" | "no-access";
    isUnlisted?: boolean;
  } | null;
  /** The thread that its posts belong to since it was merged. */
  merged: { from: number; into: Thread } | null;
  /** Threads that are merged into this one, sooner or later. */
  absorbed: Thread[];
}

export interface Post {
  pid: number;
  time: number;
  person: Person;
  thread: Thread;
  quoted: Post[];
  icon: number;
  /** Fixed text; null: made from the seed when asked for. */
  text: string | null;
  title: string;
  edits: { time: number; person: Person; addition: string }[];
  /** Since when the text is withheld, or the whole post not shown. */
  hidden: { from: number; kind: "text" | "post" } | null;
}

/** Name of a person at a moment. */
export function nameAt(person: Person, time: number): string {
  const { names } = person;
  for (let index = names.length - 1; index > 0; index--) {
    const entry = names[index];
    if (entry && entry.from <= time) return entry.name;
  }
  return names[0]?.name ?? String(person.uid);
}

/** Home board of a thread at a moment. */
export function homeAt(thread: Thread, time: number): Board {
  const home = thread.homes.findLast((entry) => entry.from <= time) ?? thread.homes[0];
  if (!home) throw new Error(`thread ${thread.tid} has no board`);
  return home.board;
}

/** The root that answers instead of a thread at a moment; null where the thread does. */
export function refusalAt(thread: Thread, time: number): NonNullable<Thread["refusal"]>["root"] | null {
  if (thread.merged && thread.merged.from <= time) return "invalid-thread";
  const { refusal } = thread;
  return refusal && refusal.from <= time && time < (refusal.until ?? Infinity) ? refusal.root : null;
}

/** The thread a post stands in at a moment. */
export function threadAt({ thread }: Post, time: number): Thread {
  return thread.merged && thread.merged.from <= time ? thread.merged.into : thread;
}

/** Title of a thread at a moment. */
export function titleAt(thread: Thread, time: number): string {
  return (thread.titles.findLast((entry) => entry.from <= time) ?? thread.titles[0])?.title ?? "";
}

/** A thread without posts. */
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
    lie: 0,
    refusal: null,
    merged: null,
    absorbed: [],
    ...more,
  };
}

/** Appends a post to its thread. Its number comes later, when all posts stand in the order of time. */
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
