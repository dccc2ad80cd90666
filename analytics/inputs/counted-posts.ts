/** Counted posts: their poster, board and time are known. */
import { postFacts } from "@potstats/db/baked";
import { input } from "./input.ts";
import { beginning, fence } from "./sql.ts";

/** The condition that a row of `post_facts` is a counted post. */
export const isCounted = (post: string) =>
  `${post}.uid is not null and ${post}.bid is not null and ${post}.day is not null`;

/** Conditions by which indexes of `public.posts` find the posts of a group: `post_facts` has only its primary key. */
const postConditions: Record<string, string> = {
  // Where clocks change at midnight, a day may begin twice. Two hours on either side suffice.
  day: `timestamp between ${beginning("g.day")} - interval '2 hours'
    and ${beginning("g.day + 1")} + interval '2 hours'`,
  tid: "tid = g.tid",
};

export const countedPosts = input({
  name: "counted_posts",
  tables: [postFacts],
  rows: (sign, _schema, from) => `select ${sign} as sign, f.* from ${from} f where ${isCounted("f")}`,
  lookUp: ([column = "", ...others], groups) => {
    const condition = postConditions[column];
    if (condition === undefined || others.length > 0)
      throw new Error(`no index finds the counted posts of a ${column}`);
    const oneByOne = fence("looked up one by one, whatever the planner expects");
    return `
      select f.*
      from ${groups} g
      cross join lateral (select pid from public.posts where ${condition} ${oneByOne}) p
      cross join lateral (
        select 1 as sign, f.* from baked.post_facts f where f.pid = p.pid and ${isCounted("f")} ${oneByOne}
      ) f
      where f.${column} = g.${column}`;
  },
});
