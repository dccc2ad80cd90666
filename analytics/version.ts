/** Which definitions made the derived tables: a run goes on from the last one only if that used the same. */
import { createHash } from "node:crypto";
import { marks } from "@potstats/db/baked-ddl";
import { inputs } from "./inputs/index.ts";
import { postFacts } from "./inputs/post-facts.ts";
import { statistics } from "./statistics/index.ts";

const definitions = [
  marks.baked,
  postFacts("UTC"),
  inputs.map(({ full }) => full),
  statistics.map(({ name, query }) => [name, query]),
];

/**
 * A digest of the tables and of all queries of a full run, below 2^28: the search index adds its own version to it. It
 * does not cover what is computed here, which is the parsing of posts and the repair of names.
 */
export const version = Number.parseInt(
  createHash("sha256")
    .update(JSON.stringify(definitions).replaceAll(/\\n|\s+/g, " "))
    .digest("hex")
    .slice(0, 7),
  16,
);
