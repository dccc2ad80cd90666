/** Parses an `/api` request once, so that cache key and computation cannot interpret its parameters differently. */
import { LRUCache } from "lru-cache";
import type { Coding } from "../http/encoding.ts";
import type { Target } from "../http/target.ts";
import type { Endpoint } from "./endpoints.ts";

export interface ApiRequest {
  endpoint: Endpoint;
  /** The endpoint's own parameters; if one is repeated, its first value, or all values where the endpoint takes several. */
  parameters: ReadonlyMap<string, string | readonly string[]>;
  /**
   * Path and parameters in canonical form: the same for any order, and for defaults given or left out. Undefined if the
   * response is not cached, as for invalid parameters.
   */
  key: string | undefined;
  /** The request has the parameter `nocache`: clients and proxies may not cache the response either. */
  bypassesCache: boolean;
}

/** The cache key of a response. @param version everything besides the data that responses depend on */
export const cacheKey = (version: string, generation: string, key: string, coding: Coding) =>
  `${version}:${generation}:${key}:${coding}`;

/** Values of a repeated parameter: more than any endpoint allows. */
const maxRepetitions = 100;

/** Limits of the parser's cache: requests, and characters per request. */
const maxRequests = 5000;
const maxLength = 500;

/**
 * Parses requests, and caches the recent ones. A parameter whose default is today's date is filled in before, so that a
 * cached response is always that of its date.
 */
export function createRequestParser(today: () => string): (endpoint: Endpoint, search: Target["search"]) => ApiRequest {
  const requests = new LRUCache<string, ApiRequest>({ max: maxRequests });
  return (endpoint, rawSearch) => {
    const search = endpoint.today === undefined ? rawSearch : withDefault(rawSearch, endpoint.today, today());
    const target = endpoint.path + search;
    const cached = requests.get(target);
    if (cached) return cached;
    const request = parse(endpoint, search);
    if (target.length <= maxLength) requests.set(target, request);
    return request;
  };
}

function withDefault(search: string, name: string, value: string): string {
  const query = new URLSearchParams(search);
  if (query.has(name)) return search;
  query.set(name, value);
  return `?${query}`;
}

function parse(endpoint: Endpoint, search: string): ApiRequest {
  const query = new URLSearchParams(search);
  const parameters = new Map<string, string | string[]>();
  const repeated: string[] = [];
  // In one pass: a query may hold thousands of parameters.
  for (const [name, value] of query) {
    if (!endpoint.parameters.has(name)) continue;
    if (name === endpoint.repeated && repeated.length < maxRepetitions) {
      repeated.push(value);
      parameters.set(name, repeated);
    } else if (!parameters.has(name)) parameters.set(name, value);
  }
  const bypassesCache = query.has("nocache");
  const canonical = endpoint.isCached && !bypassesCache ? canonicalQuery(endpoint, parameters) : undefined;
  return {
    endpoint,
    parameters,
    key: canonical === undefined ? undefined : `${endpoint.path}?${canonical}`,
    bypassesCache,
  };
}

/**
 * Undefined if the parameters are invalid: the route's own validation then rejects them. On a cache miss the route
 * validates again, because zod-openapi's validator accepts only a request; that costs some ten microseconds.
 */
function canonicalQuery({ query, parameters: names }: Endpoint, parameters: ApiRequest["parameters"]) {
  if (!query) return "";
  const parsed = query.safeParse(Object.fromEntries(parameters));
  if (!parsed.success) return undefined;
  const values = parsed.data as Record<string, unknown>;
  return JSON.stringify([...names].flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])));
}
