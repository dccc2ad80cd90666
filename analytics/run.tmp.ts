import { startEmbedded } from "@potstats/db/embedded";
import { connect } from "@potstats/db/connect";
import { analyze } from "./analyze.ts";
const server = await startEmbedded({ dataDir: "/tmp/ab/data" });
const sql = connect(server.url, { max: 10 });
for (let i = 0; i < Number(process.argv[2] ?? 1); i++) {
  const t = performance.now();
  const s = await analyze({ sql, timezone: "Europe/Berlin", forumUrl: "https://f", full: process.argv[3] !== "inc" });
  console.log((performance.now() - t) / 1000, s.seconds, process.memoryUsage().rss / 1e6);
  if (i === 0) console.log(s.rows);
}
await sql.end();
await server.close();
