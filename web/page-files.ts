/**
 * Generates the page list for the servers: `server/site/pages.json`, and two patterns in `nginx.conf`. The build runs
 * this. The files are committed, because the API server serves /robots.txt even without a built application.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pagePattern, personalRoots } from "./pages.ts";

const nginx = join(import.meta.dirname, "nginx.conf");

/** The content of each file, by path. */
export function pageFiles(): Map<string, string> {
  const [pattern, personal] = [pagePattern(), personalRoots()];
  const configuration = readFileSync(nginx, "utf8")
    .replace(/(?<=if \(\$uri ~ \^\(\?:\/stats\)\?\/\(\?:)[^)]*/, () => personal.join("|"))
    .replace(/(?<=location ~ )\^\/\(\?:\|.*(?= \{$)/m, () => pattern);
  const list = `${JSON.stringify({ pattern, personal }, null, 2)}\n`;
  return new Map([
    [join(import.meta.dirname, "../server/site/pages.json"), list],
    [nginx, configuration],
  ]);
}

if (import.meta.main) for (const [path, text] of pageFiles()) writeFileSync(path, text);
