/** Counters that servers share in the store. */
import { prefix, removeResponses, type Store } from "./store.ts";

const countersKey = `${prefix}counters`;
/** Counts invalidations: when it increases, running servers clear their memory. */
export const invalidations = "invalidations";

const incrementAll = `
for i = 1, #ARGV, 2 do redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1]) end
return redis.call('HGETALL', KEYS[1])`;

/** Adds to the shared counters and returns all of them, in one round trip. */
export async function addCounters(store: Store, increments: Iterable<[string, number]>): Promise<Map<string, number>> {
  const args = [...increments].flatMap(([name, by]) => [name, String(by)]);
  const fields = (await store.send("EVAL", [incrementAll, "1", countersKey, ...args])) as string[];
  const counters = new Map<string, number>();
  for (let at = 0; at < fields.length; at += 2) counters.set(String(fields[at]), Number(fields[at + 1]));
  return counters;
}

/** `boards/cache/hits` → `{boards: {cache: {hits}}}`. */
export function nested(counters: Iterable<[string, number]>): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [name, value] of counters) {
    if (name === invalidations) continue;
    const path = name.split("/");
    const last = path.pop() ?? "";
    let at = root;
    for (const step of path) at = (at[step] ??= {}) as Record<string, unknown>;
    at[last] = value;
  }
  return root;
}

/**
 * Removes all cached responses, and makes running servers clear their memory.
 * @returns the number of removed responses
 */
export async function invalidate(store: Store): Promise<number> {
  const removed = await removeResponses(store);
  await addCounters(store, [[invalidations, 1]]);
  return removed;
}
