/** The age of the data and the forum's URL, requested for all pages together, and again from time to time. */
import { createMemo, createRoot, createSignal } from "solid-js";
import { answer, api, type Status } from "./api.ts";
import { poll } from "./polling.ts";

const [known, setKnown] = createSignal<Status>();
poll(async () => setKnown(await answer(api.status.$get())));

/** The latest that is known; undefined until it has been loaded. */
export const status = known;

// Memos, so that pages do not repeat their requests when only the age of the data changes.
const [forumUrl, statisticsTimeZone] = createRoot(() => [
  createMemo(() => known()?.forum_url),
  createMemo(() => known()?.timezone),
]);

export { statisticsTimeZone };

/** The URL of a thread in the forum, or of a post in it; undefined until the status has been loaded. */
export function forumThread(tid: number, pid?: number): string | undefined {
  const forum = forumUrl();
  if (forum === undefined) return undefined;
  const post = pid === undefined ? "" : `&PID=${pid}#reply_${pid}`;
  return `${forum}/bb/thread.php?TID=${tid}${post}`;
}
