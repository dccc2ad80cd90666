import { afterAll, expect, test } from "bun:test";

const servers = ["127.0.0.1", "127.0.0.2", "::1"].map((hostname) =>
  Bun.serve({ port: 0, hostname, fetch: () => new Response("here") }),
);
const [first, second, third] = servers.map(({ port }) => port);
afterAll(() => Promise.all(servers.map((server) => server.stop(true))));

/** Fetches a URL from a process with this environment. @returns the body, or the error's code */
async function fetchWith(url: string, environment: Record<string, string>): Promise<string> {
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

/** Nothing listens on this port. */
const dead = "http://127.0.0.1:9";
test.concurrent.each(["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])(
  "%s does not apply to loopback",
  async (name) => {
    for (const url of [
      `http://127.0.0.1:${first}/`,
      `http://localhost:${first}/`,
      `http://127.0.0.2:${second}/`,
      `http://[::1]:${third}/`,
    ]) {
      expect([url, await fetchWith(url, { [name]: dead })]).toEqual([url, "here"]);
      expect([url, await fetchWith(url, { [name]: dead, NO_PROXY: "intern.example" })]).toEqual([url, "here"]);
    }
  },
);

test.concurrent("the proxy is used for all other hosts", async () => {
  expect(await fetchWith("http://forum.example/", { HTTP_PROXY: dead })).toBe("ECONNREFUSED");
  expect(await fetchWith("http://forum.example/", { HTTP_PROXY: `http://127.0.0.1:${first}` })).toBe("here");
  expect(
    await fetchWith("http://forum.example/", { HTTP_PROXY: `http://127.0.0.1:${first}`, NO_PROXY: "forum.example" }),
  ).not.toBe("here");
});
