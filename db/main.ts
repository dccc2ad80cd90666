/** The commands that need the database only, for containers that migrate; pipeline/db.ts adds those that need other stages. */
import { run } from "@potstats/cli/command";
import { databaseCommands } from "./commands.ts";

await run(databaseCommands());
