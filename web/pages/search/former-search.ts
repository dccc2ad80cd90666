/**
 * Parses search URLs of potstats2, which are in the hash: `/search/#{"query":"kuchen","type":"post","sort":"score"}`.
 */

/** @returns the parameters of the same search in this application; undefined if the hash is not a search */
export function formerSearch(hash: string): URLSearchParams | undefined {
  if (!hash.startsWith("#{") && !hash.startsWith("#%7B")) return undefined;
  try {
    const {
      query = "",
      type,
      sort = "score",
    } = JSON.parse(decodeURIComponent(hash.slice(1))) as Record<string, unknown>;
    const parameters = new URLSearchParams({ q: String(query) });
    if (type === "thread") parameters.set("type", type);
    if (sort !== "score") parameters.set("sort", String(sort));
    return parameters;
  } catch {
    return undefined;
  }
}
