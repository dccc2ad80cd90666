import { testDatabase } from "@potstats/db/testing/database";
import { insertWorld, makeWorld } from "./testing/world.ts";
import { rebake, index } from "./testing/server.ts";
const database = await testDatabase();
await insertWorld(database.sql, makeWorld());
await rebake(database);
await index(database);
await Bun.write("/tmp/server/bench/url", database.url);
console.log(database.url);
process.on("SIGTERM", async () => {
  await database.drop();
  process.exit(0);
});
await new Promise(() => {});
