/**
 * What an address asks for, read once: the same path decides on route, limits, cache, counters, robots headers, files and log.
 * Read twice, by us as it was sent and by the router decoded, `/api/%73earch` had been a search without a limit.
 */
import { getPath } from "hono/utils/url";

export interface Target {
  /** As the router reads it (percent-encoding decoded once, encoded slashes left alone), below the base path. */
  path: string;
  /** The query as it was sent, with its question mark; empty without one. */
  search: string;
}

/**
 * @param url a request's; a path alone where the Host header makes no address, as Bun has it
 * @param basePath public path of the application; addresses without it, from a proxy that cut it off, mean the same
 */
export function targetOf(url: string, basePath = ""): Target {
  const start = url.startsWith("/") ? 0 : url.indexOf("/", url.indexOf("://") + 3);
  if (start === -1) return { path: "/", search: "" };
  const hash = url.indexOf("#", start);
  const end = hash === -1 ? url.length : hash;
  const mark = url.indexOf("?", start);
  const query = mark === -1 || mark > end ? end : mark;
  const path = below(basePath, decoded(url.slice(start, query)));
  return { path: path === "/api" ? "/api/" : path, search: url.slice(query, end) };
}

const decoded = (path: string): string =>
  path.includes("%") ? getPath({ url: `http://localhost${path}` } as Request) : path;

function below(basePath: string, path: string): string {
  if (basePath === "" || !path.startsWith(basePath)) return path;
  const rest = path.slice(basePath.length);
  return rest === "" ? "/" : rest.startsWith("/") ? rest : path;
}
