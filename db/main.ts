/** The database's own commands, for containers that only migrate; `bun run db` (pipeline/db.ts) adds those that need the other stages. */
import { run } from "@potstats/cli/command";
import { databaseCommands } from "./commands.ts";

await run(databaseCommands());
