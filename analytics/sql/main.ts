/** `bun run docs`: writes the SQL of full and incremental runs into this folder, for readers of the code. */
import { join } from "node:path";
import { files } from "./statements.ts";

for (const [name, sql] of Object.entries(files)) await Bun.write(join(import.meta.dirname, name), sql());
