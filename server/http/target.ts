/**
 * Parses a request's URL once, so that route, limits, cache, counters, robots headers, files and log all use the same
 * path. If limits used the raw path and the router the decoded one, `/api/%73earch` would be a search without a rate
 * limit.
 */
import { getPath } from "hono/utils/url";

export interface Target {
  /** The path below the base path, as Hono's router reads it: percent-decoded once, except for encoded slashes. */
  path: string;
  /** The raw query, including its question mark; empty if there is none. */
  search: string;
}

/**
 * @param url a request's URL; without a usable Host header, Bun gives only the path
 * @param basePath public path of the application; proxies may strip it or not
 */
export function targetOf(url: string, basePath = ""): Target {
  const pathStart = url.startsWith("/") ? 0 : url.indexOf("/", url.indexOf("://") + 3);
  if (pathStart === -1) return { path: "/", search: "" };
  const hash = url.indexOf("#", pathStart);
  const end = hash === -1 ? url.length : hash;
  const questionMark = url.indexOf("?", pathStart);
  const pathEnd = questionMark === -1 || questionMark > end ? end : questionMark;
  const path = withoutBase(basePath, decode(url.slice(pathStart, pathEnd)));
  return { path: path === "/api" ? "/api/" : path, search: url.slice(pathEnd, end) };
}

const decode = (path: string): string =>
  path.includes("%") ? getPath({ url: `http://localhost${path}` } as Request) : path;

function withoutBase(basePath: string, path: string): string {
  if (basePath === "" || !path.startsWith(basePath)) return path;
  const rest = path.slice(basePath.length);
  return rest === "" ? "/" : rest.startsWith("/") ? rest : path;
}

/** Whether a path belongs to the API. */
export const isApiPath = (path: string): boolean => path.startsWith("/api/");
