/** Keeps search engines away from pages about users and their posts, unless the operator allows it. */
import { textResponse } from "../http/response.ts";
import pages from "./pages.json" with { type: "json" };

/** Pages about users, and the API, through which a crawler could list them. */
const personal = [...pages.personal.map((root) => `/${root}`), "/api/"];
const personalPath = new RegExp(`^/(?:${pages.personal.join("|")}|api)(?:/|$)`);

/** @param isAllowed whether search engines may index everything */
export const robots = (isAllowed: boolean, basePath: string) => {
  const rules = isAllowed ? ["Allow: /"] : personal.map((path) => `Disallow: ${basePath}${path}`);
  return textResponse(["User-agent: *", ...rules, ""].join("\n"), { "Cache-Control": "public, max-age=3600" });
};

/**
 * Whether a page also needs the header `X-Robots-Tag`: search engines index pages that other sites link to despite
 * robots.txt.
 */
export const isPersonal = (path: string): boolean => personalPath.test(path);
