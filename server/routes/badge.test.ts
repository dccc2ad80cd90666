import { afterAll, beforeAll, expect, test } from "bun:test";
import { XMLValidator } from "fast-xml-parser";
import { testServer, type TestServer } from "../testing/server.ts";
import { tinyForum } from "../testing/tiny-forum.ts";

const days = (uid: number, ...list: string[]) => list.map((day) => ({ uid, time: `${day}T12:00:00Z` }));

let server: TestServer;
beforeAll(async () => {
  const forum = tinyForum([
    ...days(1, "2012-05-01", "2012-05-02", "2012-05-03", "2012-06-01"),
    ...days(2, "2012-05-30", "2012-05-31"),
    ...days(3, "2012-04-01", "2012-04-02"),
  ]);
  const name = `<b onload="x">'&"</b> ]]> ${"x".repeat(100)}`;
  forum.users[2] = { ...forum.users[2]!, stored: name, name };
  forum.users.push({ uid: 9, stored: "Schweigsam", name: "Schweigsam", aliases: [] });
  server = await testServer({}, forum);
});
afterAll(() => server.stop());

async function badge(query: string): Promise<string> {
  const response = await server.ask(`/api/badge?${query}`);
  const svg = await response.text();
  expect([query, response.status]).toEqual([query, 200]);
  expect(response.headers.get("Content-Type")).toBe("image/svg+xml; charset=utf-8");
  expect(XMLValidator.validate(svg)).toBe(true);
  // Everything is drawn: nothing is loaded, and nothing runs.
  expect(svg).not.toMatch(/<script|<b |href|<style|<foreignObject|<image/i);
  return svg;
}

test("posts, place, and the streak that is running or the longest one", async () => {
  expect(await badge("uid=1")).toContain(">4 Posts · Platz 1 · Serie: 1 Tag<");
  expect(await badge("uid=2&lang=en")).toContain(">2 posts · rank 2 · streak: 2 days<");
  expect(await badge("uid=3")).toContain(">2 Posts · Platz 2 · längste Serie: 2 Tage<");
  expect(await badge("uid=9")).toContain(">noch keine Posts<");
});

test("names are escaped and cut", async () => {
  const svg = await badge("uid=3&theme=dark");
  expect(svg).toContain("&lt;b onload=&quot;x&quot;&gt;&#39;&amp;&quot;");
  expect(svg).not.toContain("x".repeat(40));
});

test("it is as wide as its text", async () => {
  const width = async (uid: number) => Number(/ width="([\d.]+)"/.exec(await badge(`uid=${uid}`))?.[1]);
  expect(await width(1)).toBeGreaterThan(200);
  expect(await width(3)).toBeGreaterThan(await width(1));
});

test("an unknown user, and wrong values, are errors", async () => {
  for (const query of ["", "uid=4711", "uid=x", "uid=1&theme=pink", "uid=1&lang=fr"])
    expect([query, (await server.ask(`/api/badge?${query}`)).status]).toEqual([query, 400]);
});
