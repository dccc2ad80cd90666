/** The baseline for api.ts: serves one fixed response as fast as Bun can. Reads its headers and body from stdin. */
const { headers, body } = (await Bun.stdin.json()) as { headers: [string, string][]; body: string };
const bytes = Buffer.from(body, "base64");
const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response(bytes, { headers }) });
console.log(server.url.origin);
