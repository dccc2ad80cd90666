import type { Query } from "../query/query.ts";

/** Computes a value once for all parts of a request: page, counts and facets have the same terms. */
export function oncePerQuery<T>(compute: (query: Query) => Promise<T>): (query: Query) => Promise<T> {
  const computed = new WeakMap<Query["terms"], Promise<T>>();
  return (query) => {
    const existing = computed.get(query.terms);
    if (existing) return existing;
    const value = compute(query);
    computed.set(query.terms, value);
    return value;
  };
}
