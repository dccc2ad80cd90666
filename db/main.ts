/** The database's own commands, for containers that only migrate; `bun run db` has those too that need the stages above. */
import { run } from "@potstats/cli/command";
import { databaseCommands } from "./commands.ts";

await run(databaseCommands());
