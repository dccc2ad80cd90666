/** Recent searches, kept in this browser only. */

/** Maximum number of searches that are kept. */
export const maxRecent = 20;

const storageKey = "recent-searches";

export interface RecentSearch {
  content: string;
  type: "post" | "thread";
}

interface Stored {
  /** Whether the reader does not want searches to be kept. */
  isOff: boolean;
  /** Latest first. */
  searches: RecentSearch[];
}

const isSearch = (value: unknown): value is RecentSearch =>
  typeof value === "object" &&
  value !== null &&
  "content" in value &&
  typeof value.content === "string" &&
  "type" in value &&
  (value.type === "post" || value.type === "thread");

const isSame = (one: RecentSearch, other: RecentSearch) => one.content === other.content && one.type === other.type;

/** Reads again each time, because other tabs write, too. Anything unreadable counts as nothing. */
function read(storage: () => Storage): Stored {
  try {
    const { isOff, searches } = JSON.parse(storage().getItem(storageKey) ?? "{}") as Partial<Record<string, unknown>>;
    return { isOff: isOff === true, searches: Array.isArray(searches) ? searches.filter(isSearch) : [] };
  } catch {
    return { isOff: false, searches: [] };
  }
}

function write(storage: () => Storage, stored: Stored): void {
  try {
    if (!stored.isOff && stored.searches.length === 0) storage().removeItem(storageKey);
    else storage().setItem(storageKey, JSON.stringify(stored));
  } catch {
    // Storage may be blocked or full: then nothing is kept.
  }
}

/**
 * The list of recent searches in a storage of the browser. Nothing is kept while it is off.
 *
 * @param storage throws if storage is blocked
 */
export const recentSearches = (storage: () => Storage) => ({
  read: () => read(storage),
  /** @param replaced an earlier one that this search continues */
  add: (search: RecentSearch, replaced?: RecentSearch) => {
    const { isOff, searches } = read(storage);
    if (isOff) return;
    const others = searches.filter((other) => !isSame(other, search) && !(replaced && isSame(other, replaced)));
    write(storage, { isOff, searches: [search, ...others].slice(0, maxRecent) });
  },
  erase: (search: RecentSearch) => {
    const { isOff, searches } = read(storage);
    write(storage, { isOff, searches: searches.filter((other) => !isSame(other, search)) });
  },
  eraseAll: () => write(storage, { ...read(storage), searches: [] }),
  /** Turning it off erases all searches. */
  setOff: (isOff: boolean) => write(storage, { isOff, searches: [] }),
});
