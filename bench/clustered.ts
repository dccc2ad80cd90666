/**
 * A synthetic forum whose distributions are skewed as in real forums: users join and leave, write several posts on the
 * days on which they are active, prefer a few boards and open threads, and quote recent posts of the same thread.
 */
import { mix, type Random } from "@potstats/simulator/random";
import {
  boards,
  firstPid,
  type Post,
  quotingText,
  randomFor,
  SyntheticForum,
  text,
  threads,
  users,
} from "./synthetic.ts";

const from_ms = Date.UTC(2003, 0, 1);
const until_ms = Date.UTC(2024, 0, 1);
const day_ms = 86_400_000;
const days = (until_ms - from_ms) / day_ms;

/** The number of members at a time: when one leaves, another joins. */
const places = 800;
/** The number of a thread's latest posts that may be quoted. */
const maxQuotable = 8;
/** The number of open threads per board at a time. */
const openThreads = 15;

/** Skewed: small numbers are drawn far more often than large ones. */
const skewed = (random: Random, count: number) => Math.floor(count * random.next() ** 3);
/** Generates posts in chronological order. */
export class ClusteredForum extends SyntheticForum {
  private index = 0;
  private readonly boards = Array.from({ length: threads + 1 }, (_, tid) => 1 + skewed(randomFor(tid, 1), boards));
  private readonly threadsOf = Array.from({ length: boards + 1 }, (_, bid) =>
    this.boards.flatMap((board, tid) => (board === bid && tid > 0 ? [tid] : [])),
  );
  private readonly latest = new Map<number, number[]>();
  private readonly memberCount: number;

  constructor(posts: number) {
    super(posts);
    this.memberCount = Math.min(places, 20 + Math.floor(posts / days / 5));
  }

  protected boardOf(tid: number): number {
    return this.boards[tid] ?? 1;
  }

  protected next(): Post {
    const index = this.index++;
    const random = randomFor(index, 7);
    const passed = (index / this.posts) * days;
    const day = Math.floor(passed);
    // Mornings are quiet.
    const time = new Date(from_ms + day * day_ms + Math.floor((passed - day) ** 0.6 * day_ms));
    const uid = this.poster(random, day);
    const tid = this.thread(random, uid, passed / days);
    const pid = firstPid + index;
    const recent = this.latest.get(tid) ?? [];
    const content = this.content(random, index, tid, recent);
    recent.push(pid);
    if (recent.length > maxQuotable) recent.shift();
    this.latest.set(tid, recent);
    return { pid, uid, tid, time, edits: random.chance(0.15) ? 1 : 0, content };
  }

  /** One of the members of that day. */
  private poster(random: Random, day: number): number {
    const place = skewed(randomFor(day, skewed(random, this.memberCount)), places);
    const stay_days = 200 + (mix(place, 2) % 2500);
    const holder = Math.floor((day + (mix(place, 3) % stay_days)) / stay_days);
    return 1 + ((place + places * holder) % users);
  }

  /** An open thread in one of the user's boards, or, for one in ten posts, an older thread. */
  private thread(random: Random, uid: number, passed: number): number {
    const ofBoard = this.threadsOf[1 + skewed(randomFor(uid, 4 + skewed(random, 4)), boards)] ?? [];
    const newest = Math.min(ofBoard.length - 1, Math.floor(passed * ofBoard.length));
    const at = random.chance(0.1) ? skewed(random, newest + 1) : Math.max(0, newest - skewed(random, openThreads));
    return ofBoard[at] ?? 1;
  }

  /** A quarter of the posts contain a quote, eight percent a link. */
  private content(random: Random, index: number, tid: number, recent: number[]): string {
    const body = text(random, 780);
    if (recent.length > 0 && random.chance(0.25)) {
      const quoted = random.pick(recent);
      return quotingText(random, tid, quoted, quoted % users, body);
    }
    if (random.chance(0.08 / 0.75)) {
      const host = Math.floor(3000 ** random.next());
      return `${body} [url=https://host${host}.example/${index}]hier[/url]`;
    }
    return body;
  }
}
