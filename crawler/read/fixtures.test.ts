/** Every fixture parses to the content of its `.expected.json`. */
import { expect, test } from "bun:test";
import { Glob } from "bun";
import { join } from "node:path";
import { decodeHtml, parseProfile, parseTags } from "./profile-page.ts";
import { parseForumXml } from "./xml.ts";

const folder = join(import.meta.dirname, "fixtures");
/** The requested user, for each page of a profile. */
const requestedUids: Record<string, number> = {
  "profile.html": 2001,
  "profile-private-locked.html": 2004,
  "profile-shadowed.html": 2003,
  "profile-special.html": 1,
  "profile-not-found.html": 4711,
};

function read(name: string, bytes: Uint8Array): unknown {
  if (name.endsWith(".xml")) return parseForumXml(bytes);
  if (name.startsWith("thread-")) return parseTags(decodeHtml(bytes), 700_002);
  return parseProfile(decodeHtml(bytes), requestedUids[name] ?? 0);
}

const names = [...new Glob("*.{xml,html}").scanSync(folder)].toSorted();

test("there are fixtures", () => expect(names.length).toBeGreaterThan(10));

test.each(names)("%s", async (name) => {
  const expected: unknown = await Bun.file(join(folder, name.replace(/\.\w+$/, ".expected.json"))).json();
  expect(read(name, await Bun.file(join(folder, name)).bytes())).toEqual(expected);
});
