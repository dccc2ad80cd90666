/** Which definitions made the derived tables: a run can only continue from a run that used the same. */
import { createHash } from "node:crypto";
import { marks } from "@potstats/db/baked-ddl";
import { inputs } from "./inputs/index.ts";
import { postFacts } from "./inputs/post-facts.ts";
import { statistics } from "./registry.ts";

/** Raise it when posts are parsed or names are repaired differently: no digest can notice changes of code. */
const codeVersion = 1;

const definitions = [
  codeVersion,
  marks.baked,
  postFacts("UTC"),
  inputs.map(({ full }) => full),
  statistics.map(({ name, query }) => [name, query]),
];

/** A digest of the tables and of all queries of a full run, as a positive `integer` of PostgreSQL. */
export const version = Number.parseInt(
  createHash("sha256")
    .update(JSON.stringify(definitions).replaceAll(/\\n|\s+/g, " "))
    .digest("hex")
    .slice(0, 7),
  16,
);
