/** The naming rule: a user's name is the latest one seen, and every other name ever seen is an alias. Pure. */

export interface Sighting {
  name: string;
  /** Unix milliseconds of the post, edit or profile page. */
  time_ms: number;
  /** The post on which it was seen; 0 for a profile page. Ties in time go to the higher pid. */
  pid: number;
}

export interface Naming {
  name: string | null;
  name_ms: number;
  name_pid: number;
  /** Distinct, without `name`, in code unit order, so that the order in which posts are read does not matter. */
  aliases: string[];
}

/** Applies sightings, in any order. @returns the same object if nothing changed */
export function nameSeen(before: Naming, sightings: Iterable<Sighting>): Naming {
  let { name, name_ms, name_pid } = before;
  let seen: Set<string> | null = null;
  for (const sighting of sightings) {
    if (sighting.name !== name) {
      seen ??= new Set(before.aliases);
      seen.add(sighting.name);
      if (name !== null) seen.add(name);
    }
    if (name === null || isLater(sighting, name, name_ms, name_pid)) {
      name = sighting.name;
      name_ms = sighting.time_ms;
      name_pid = sighting.pid;
    }
  }
  if (name === before.name && name_ms === before.name_ms && name_pid === before.name_pid && seen === null)
    return before;
  let { aliases } = before;
  if (seen) {
    if (name !== null) seen.delete(name);
    aliases = [...seen].toSorted();
  }
  const previous = new Set(before.aliases);
  const same = aliases.length === before.aliases.length && aliases.every((alias) => previous.has(alias));
  if (same) aliases = before.aliases;
  if (same && name === before.name && name_ms === before.name_ms && name_pid === before.name_pid) return before;
  return { name, name_ms, name_pid, aliases };
}

function isLater(sighting: Sighting, name: string, name_ms: number, name_pid: number): boolean {
  if (sighting.time_ms !== name_ms) return sighting.time_ms > name_ms;
  if (sighting.pid !== name_pid) return sighting.pid > name_pid;
  return sighting.name > name;
}
