/** What search engines may keep: not people and what they wrote, unless the operator says so. */
import { text } from "../http/reply.ts";

/** Pages about people, and what would let a machine list them. */
const personal = ["/users", "/compare", "/network", "/search", "/api/"];
const personalPath = /^\/(users|compare|network|search|api)(\/|$)/;

export const robots = (isAllowed: boolean, basePath: string) => {
  const rules = isAllowed ? ["Allow: /"] : personal.map((path) => `Disallow: ${basePath}${path}`);
  return text(["User-agent: *", ...rules, ""].join("\n"), { "Cache-Control": "public, max-age=3600" });
};

/** Whether a page is to be kept out by header too: links from elsewhere lead past robots.txt. */
export const isPersonal = (path: string): boolean => personalPath.test(path);
