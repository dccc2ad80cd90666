/**
 * Generates what the servers know of the application: its pages, and the hash of the script in the document. It is in
 * `server/site/pages.json`, and in `nginx.conf`. The build runs this. The files are committed, because the API server serves /robots.txt even without a built application.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inlineScriptHash } from "./document/inline-script.ts";
import { pagePattern, pagePatternOf, pages, personalRoots } from "./pages.ts";

const nginx = join(import.meta.dirname, "nginx.conf");

/** The content of each file, by path. */
export function pageFiles(): Map<string, string> {
  const [pattern, personal, scriptHash] = [pagePattern(), personalRoots(), inlineScriptHash()];
  const configuration = readFileSync(nginx, "utf8")
    .replace(/(?<=if \(\$uri ~ \^\(\?:\/stats\)\?\/\(\?:)[^)]*/, () => personal.join("|"))
    .replace(/(?<=script-src 'self' ')[^']*/, () => scriptHash)
    .replace(/(?<=location ~ )\^\/\(\?:\|.*(?= \{$)/m, () => pattern);
  const servedPages = pages.map(({ path, name, title, filters, years }) => ({
    name,
    pattern: pagePatternOf(path),
    title,
    filters,
    ...(years ? { years } : {}),
  }));
  const list = `${JSON.stringify({ pattern, personal, scriptHash, pages: servedPages }, null, 2)}\n`;
  return new Map([
    [join(import.meta.dirname, "../server/site/pages.json"), list],
    [nginx, configuration],
  ]);
}

if (import.meta.main) for (const [path, text] of pageFiles()) writeFileSync(path, text);
