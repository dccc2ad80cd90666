/**
 * A synthetic forum without any order, the worst case for tables per user, board and time: each post is by anybody, in
 * any thread, at any time of 17 years.
 */
import {
  firstPid,
  type Post,
  quotingText,
  randomFor,
  SyntheticForum,
  text,
  threads,
  users,
  boards,
} from "./synthetic.ts";
import type { Random } from "@potstats/simulator/random";

const from_ms = Date.UTC(2007, 0, 1);
const until_ms = Date.UTC(2024, 0, 1);
/** These write half of the posts. */
const busyUsers = users / 10;
const hosts = 3000;

/** Generates posts in the order of their pids, which is not that of their times. */
export class ScatteredForum extends SyntheticForum {
  private index = 0;
  /** All posts of each thread: any of them may be quoted. */
  private readonly written = new Map<number, { pid: number; uid: number }[]>();

  protected boardOf(tid: number): number {
    return 1 + (tid % boards);
  }

  protected next(): Post {
    const index = this.index++;
    const random = randomFor(index, 11);
    const time = new Date(from_ms + Math.floor(random.next() * (until_ms - from_ms)));
    const uid = random.chance(0.5) ? random.between(1, busyUsers) : random.between(busyUsers + 1, users);
    const tid = random.between(1, threads);
    const pid = firstPid + index;
    const earlier = this.written.get(tid) ?? [];
    const content = this.content(random, index, tid, earlier);
    earlier.push({ pid, uid });
    this.written.set(tid, earlier);
    return { pid, uid, tid, time, edits: random.chance(0.15) ? 1 : 0, content };
  }

  /** Of all posts, 24 % contain a quote and 8 % a link. */
  private content(random: Random, index: number, tid: number, earlier: { pid: number; uid: number }[]): string {
    const body = text(random, 780);
    if (earlier.length > 0 && random.chance(0.24)) {
      const quoted = random.pick(earlier);
      return quotingText(random, tid, quoted.pid, quoted.uid, body);
    }
    if (random.chance(0.08 / 0.76))
      return `${body} [url=https://host${random.between(1, hosts)}.example/${index}]hier[/url]`;
    return body;
  }
}
