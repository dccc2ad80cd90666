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
  test(`${path}: by count for every type and year, ties by id`, async () => {
    for (const type of [undefined, "", "link", "image", "video"]) {
      for (const year of [undefined, 2004, 2005, 2006, 2008, 2009]) {
        const query = new URLSearchParams({
          ...(type === undefined ? {} : { type }),
          ...(year === undefined ? {} : { year: String(year) }),
        });
        expect(await server.json(`${path}?${query}`)).toEqual({ rows: expected(server.world, year, type) });
      }
    }
    const all = expected(server.world);
    expect(all.map(({ domain }) => domain)).toContain("zebra.example");
    expect(await server.json(`${path}?limit=2`)).toEqual({ rows: all.slice(0, 2) });
  });

  test(`${path}: an unknown type is refused with the known ones`, async () => {
    const response = await server.ask(`${path}?type=audio`);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: "parameter type must be link, image, video or empty" });
  });
}
