/** Links in counted posts. */
import { postFacts, postLinks } from "@potstats/db/baked";
import { isCounted } from "./counted-posts.ts";
import { input } from "./input.ts";

export const links = input({
  name: "links",
  tables: [postLinks, postFacts],
  isTable: true,
  rows: (sign, schema, from) => `
    select f.year, l.type, f.uid, l.domain, l.pid, f.bid, f.unix_s, ${sign} * l.count as count
    from ${from} l
    join ${schema}.post_facts f on f.pid = l.pid
    where ${isCounted("f")}`,
});
