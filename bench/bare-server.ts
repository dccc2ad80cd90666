/** The baseline for the API's bench: serves one fixed answer as fast as Bun can. Reads headers and body from standard input. */
const { headers, body } = (await Bun.stdin.json()) as { headers: [string, string][]; body: string };
const bytes = Buffer.from(body, "base64");
const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response(bytes, { headers }) });
console.log(server.url.origin);
