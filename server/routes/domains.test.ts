import { afterAll, beforeAll, expect, test } from "bun:test";
import * as naive from "../testing/naive.ts";
import { testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

for (const [path, expected] of [
  ["/api/domains", naive.domains],
  ["/api/user-domains", naive.userDomains],
] as const) {
  /** Only domains have shares, so only they need a total. */
  const responseOf = (rows: { count: number }[], limit = rows.length) => ({
    rows: rows.slice(0, limit),
    ...(path === "/api/domains" ? { total: rows.reduce((sum, { count }) => sum + count, 0) } : {}),
  });

  test(`${path}: rows are ordered by count for every type and year, ties are broken by id`, async () => {
    for (const type of [undefined, "", "link", "image", "video"]) {
      for (const year of [undefined, 2004, 2005, 2006, 2008, 2009]) {
        const query = new URLSearchParams({
          ...(type === undefined ? {} : { type }),
          ...(year === undefined ? {} : { year: String(year) }),
        });
        expect(await server.json(`${path}?${query}`)).toEqual(responseOf(expected(server.forum, year, type)));
      }
    }
    const all = expected(server.forum);
    expect(all.map(({ domain }) => domain)).toContain("zebra.example");
    expect(await server.json(`${path}?limit=2`)).toEqual(responseOf(all, 2));
  });

  test(`${path}: an unknown type is rejected, and the error lists the valid ones`, async () => {
    const response = await server.ask(`${path}?type=audio`);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: "parameter type must be link, image, video or empty" });
  });
}

test("filters by user and by domain", async () => {
  const { forum } = server;
  for (const year of [undefined, 2006]) {
    const all = naive.userDomains(forum, year);
    const inYear = year ? `&year=${year}` : "";
    for (const uid of [3, 9, 120, 999, 4711]) {
      const rows = all.filter(({ User }) => User.uid === uid);
      expect(await server.json(`/api/user-domains?uid=${uid}${inYear}`)).toEqual({ rows });
    }
    for (const domain of ["example.org", "bilder.example:8080", "ö.example", "EXAMPLE.ORG", ""]) {
      const rows = all.filter((row) => row.domain === domain);
      expect(await server.json(`/api/user-domains?domain=${encodeURIComponent(domain)}${inYear}`)).toEqual({ rows });
    }
  }
});

test("counts a domain's links by year and kind", async () => {
  const { forum } = server;
  for (const domain of ["example.org", "zebra.example", "nirgends.example"]) {
    const linksIn = (year: number, type?: string) =>
      naive.domains(forum, year, type).find((row) => row.domain === domain)?.count ?? 0;
    const rows = [2004, 2005, 2006, 2009]
      .map((year) => ({
        year,
        link: linksIn(year, "link"),
        image: linksIn(year, "image"),
        video: linksIn(year, "video"),
        count: linksIn(year),
      }))
      .filter(({ count }) => count > 0);
    expect(await server.json(`/api/domain-years?domain=${domain}`)).toEqual({ rows });
  }
});
