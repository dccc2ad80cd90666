/** Plants changes that no listing reveals, because there is no new post, into a history. */
import type { History } from "./history.ts";
import { homeAt, type Post, type Thread } from "./model.ts";
import { mix, Random } from "./random.ts";

export const changeKinds = ["edited", "text hidden", "post hidden", "deleted", "withdrawn", "merged", "moved"] as const;
type ChangeKind = (typeof changeKinds)[number];

export interface PlantedChange {
  kind: ChangeKind;
  /** Unix seconds. */
  time: number;
  thread: Thread;
  /** The edited or hidden post. */
  post: Post | null;
  /** Whether the thread had been inactive for a month. */
  isOld: boolean;
}

const month_s = 30 * 86_400;

/**
 * Plants `count` changes of each kind into threads that had a post before `from`, half of them inactive. No thread
 * changes twice.
 * @param from the earliest moment of a change
 * @param until the end of the period, exclusive
 */
export function plantChanges(
  history: History,
  { seed, from, until, count }: { seed: number; from: number; until: number; count: number },
): PlantedChange[] {
  const random = new Random(mix(seed, 3));
  const isPlain = (thread: Thread) =>
    !thread.refusal && !thread.isGlobal && !thread.isSticky && !homeAt(thread, until).isRestricted;
  const lastBefore = (thread: Thread) => thread.posts.findLast((post) => post.time < from)?.time ?? 0;
  const free = history.threads.filter((thread) => isPlain(thread) && lastBefore(thread) > 0);
  const [old, young] = [true, false].map((isOld) =>
    free.filter((thread) => lastBefore(thread) < from - month_s === isOld),
  );
  const takeThread = (isOld: boolean): Thread | null => {
    const list = (isOld ? old : young) ?? [];
    return list.splice(random.below(list.length), 1)[0] ?? null;
  };
  const planted: PlantedChange[] = [];
  for (const kind of changeKinds)
    for (let index = 0; index < count; index++) {
      const isOld = index % 2 === 0;
      const thread = takeThread(isOld);
      const other = kind === "merged" ? takeThread(isOld) : null;
      if (!thread || (kind === "merged" && !other)) continue;
      const time = Math.round(from + random.next() * (until - from));
      const post = random.pick(thread.posts.filter((one) => one.time < from && !one.hidden));
      change(kind, { random, history, thread, other, post, time });
      const isPost = kind === "edited" || kind.endsWith("hidden");
      planted.push({ kind, time, thread, post: isPost ? post : null, isOld });
    }
  return planted;
}

interface Plan {
  random: Random;
  history: History;
  thread: Thread;
  /** The target of a merge. */
  other: Thread | null;
  post: Post;
  time: number;
}

function change(kind: ChangeKind, { random, history, thread, other, post, time }: Plan): void {
  switch (kind) {
    case "edited":
      post.edits = post.edits.filter((edit) => edit.time < time);
      return void post.edits.push({ time, person: post.person, addition: "Edit: spät gesehen." });
    case "text hidden":
      return void (post.hidden = { from: time, kind: "text" });
    case "post hidden":
      return void (post.hidden = { from: time, kind: "post" });
    case "deleted":
      return void (thread.refusal = { from: time, root: "invalid-thread", isUnlisted: true });
    case "withdrawn":
      return void (thread.refusal = { from: time, root: "no-access", isUnlisted: true });
    case "merged":
      thread.merged = other && { from: time, into: other };
      return void other?.absorbed.push(thread);
    case "moved": {
      const board = random.pick(
        history.boards.filter((one) => one.weight > 0 && !one.isRestricted && one !== homeAt(thread, time)),
      );
      thread.homes.push({ from: time, board });
      if (!board.threads.includes(thread)) board.threads.push(thread);
    }
  }
}
