/** Posts that count: their poster, board and time are known. */
import { postFacts } from "@potstats/db/baked";
import { input } from "./input.ts";
import { beginning, fence } from "./sql.ts";

/** Whether the post of a row of `post_facts` counts. */
export const counts = (post: string) =>
  `${post}.uid is not null and ${post}.bid is not null and ${post}.day is not null`;

/** How indexes of the crawled tables find the posts of a group: `post_facts` has only its primary key. */
const posts: Record<string, string> = {
  // Where clocks change at midnight, a day may begin twice. Two hours on either side cover that.
  day: `timestamp between ${beginning("g.day")} - interval '2 hours'
    and ${beginning("g.day + 1")} + interval '2 hours'`,
  tid: "tid = g.tid",
};

export const facts = input({
  name: "facts",
  needs: [postFacts],
  rows: (sign, _schema, from) => `select ${sign} as sign, f.* from ${from} f where ${counts("f")}`,
  of: ([column = "", ...others], groups) => {
    const which = posts[column];
    if (which === undefined || others.length > 0) throw new Error(`no index finds the facts of a ${column}`);
    const lookUp = fence("looked up one by one, whatever the planner expects");
    return `
      select f.*
      from ${groups} g
      cross join lateral (select pid from public.posts where ${which} ${lookUp}) p
      cross join lateral (
        select 1 as sign, f.* from baked.post_facts f where f.pid = p.pid and ${counts("f")} ${lookUp}
      ) f
      where f.${column} = g.${column}`;
  },
});
