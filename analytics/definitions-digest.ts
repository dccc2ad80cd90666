/** A digest of what defines the derived tables. A run is incremental only if the last run had the same digest. */
import { createHash } from "node:crypto";
import { marks } from "@potstats/db/baked-ddl";
import { inputs } from "./inputs/index.ts";
import { postFacts } from "./inputs/post-facts.ts";
import { intermediates } from "./intermediates/index.ts";
import { statistics } from "./registry.ts";

/** Raise it when posts are parsed or names are repaired differently: the digest does not cover code. */
const codeVersion = 1;

const definitions = [
  codeVersion,
  marks.baked,
  postFacts("UTC"),
  [...inputs, ...intermediates].map(({ full }) => full),
  statistics.map(({ name, query }) => [name, query]),
];

/** Of the tables and all queries of a full run. Seven hexadecimal digits fit a positive `integer` of PostgreSQL. */
export const definitionsDigest = Number.parseInt(
  createHash("sha256")
    .update(JSON.stringify(definitions).replaceAll(/\\n|\s+/g, " "))
    .digest("hex")
    .slice(0, 7),
  16,
);
