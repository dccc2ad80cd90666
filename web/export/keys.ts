/**
 * Names for the responses of an export, and for the scripts that hold them. The command that writes an export and the
 * exported application share them. Pure.
 */

/** How many scripts the responses about users, and those about threads, are spread over. */
export interface ShardCounts {
  users: number;
  threads: number;
}

/** A request as the name of its response: "user-stats?limit=10&uid=3". Parameters are sorted. */
export function keyOf(url: string): string {
  const [path = "", search = ""] = url.slice(url.lastIndexOf("/api/") + "/api/".length).split("?");
  const parameters = new URLSearchParams(search);
  parameters.sort();
  return parameters.size > 0 ? `${path}?${parameters}` : path;
}

/** Endpoints whose lists need a script of their own. */
const lists = ["poster-stats", "threads", "streaks", "network"];

/** The script that holds a response. */
export function shardOf(key: string, counts: ShardCounts): string {
  const [path = "", search] = key.split("?");
  if (path === "pair") return "pairs";
  const parameters = new URLSearchParams(search);
  const [tid, uid, day, date, bid, year] = ["tid", "uid", "day", "date", "bid", "year"].map((name) =>
    parameters.get(name),
  );
  if (tid) return `thread-${Number(tid) % counts.threads}`;
  if (uid) return `user-${Number(uid) % counts.users}`;
  if (day) return `day-${day.slice(0, 4)}`;
  if (date) return `date-${date.slice(0, 2)}`;
  if (parameters.has("domain")) return "domains";
  if (bid) return `board-${bid}`;
  if (year) return `year-${year}`;
  return lists.includes(path) ? path : "general";
}
