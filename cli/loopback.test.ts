import { afterAll, expect, test } from "bun:test";

const servers = ["127.0.0.1", "127.0.0.2", "::1"].map((hostname) =>
  Bun.serve({ port: 0, hostname, fetch: () => new Response("here") }),
);
const [first, second, third] = servers.map(({ port }) => port);
afterAll(() => Promise.all(servers.map((server) => server.stop(true))));

/** What a command with these settings gets from an address. */
async function asked(url: string, environment: Record<string, string>): Promise<string> {
  const script = `
    import { readSettings } from "./settings.ts";
    readSettings(process.env, ["MEILI_URL"]);
    console.log(await fetch(process.argv[1]).then((answer) => answer.text(), (error) => error.code));`;
  const child = Bun.spawn([process.execPath, "-e", script, url], {
    cwd: import.meta.dirname,
    env: { PATH: process.env["PATH"] ?? "", MEILI_URL: "http://127.0.0.2:7700", ...environment },
  });
  return (await new Response(child.stdout).text()).trim();
}

/** Nobody listens there. */
const dead = "http://127.0.0.1:9";
test.concurrent.each(["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])(
  "%s is not for this machine",
  async (name) => {
    for (const url of [
      `http://127.0.0.1:${first}/`,
      `http://localhost:${first}/`,
      `http://127.0.0.2:${second}/`,
      `http://[::1]:${third}/`,
    ]) {
      expect([url, await asked(url, { [name]: dead })]).toEqual([url, "here"]);
      expect([url, await asked(url, { [name]: dead, NO_PROXY: "intern.example" })]).toEqual([url, "here"]);
    }
  },
);

test.concurrent("but for all others, as before", async () => {
  expect(await asked("http://forum.example/", { HTTP_PROXY: dead })).toBe("ECONNREFUSED");
  expect(await asked("http://forum.example/", { HTTP_PROXY: `http://127.0.0.1:${first}` })).toBe("here");
  expect(
    await asked("http://forum.example/", { HTTP_PROXY: `http://127.0.0.1:${first}`, NO_PROXY: "forum.example" }),
  ).not.toBe("here");
});
