/** The age of the data and the forum's URL, requested once for all pages. */
import { createResource, createRoot } from "solid-js";
import { answer, api, type Status } from "./api.ts";

const [resource] = createRoot(() => createResource(() => answer(api.status.$get())));

/** Undefined until it has been loaded, or if the server cannot be reached. */
export const status = (): Status | undefined => (resource.state === "ready" ? resource() : undefined);

/** The URL of a thread in the forum, or of a post in it; undefined until the status has been loaded. */
export function forumThread(tid: number, pid?: number): string | undefined {
  const forum = status()?.forum_url;
  if (forum === undefined) return undefined;
  const post = pid === undefined ? "" : `&PID=${pid}#reply_${pid}`;
  return `${forum}/bb/thread.php?TID=${tid}${post}`;
}
