/** Counted posts: their poster, board and time are known. */
import { postFacts } from "@potstats/db/baked";
import { input } from "./input.ts";
import { beginning, fence } from "./sql.ts";

/** The condition that a row of `post_facts` is a counted post. */
export const isCounted = (post: string) =>
  `${post}.uid is not null and ${post}.bid is not null and ${post}.day is not null`;

const oneByOne = fence("looked up one by one, whatever the planner expects");

const counted = (facts: string, sign = 1) => `select ${sign} as sign, f.* from ${facts} f where ${isCounted("f")}`;

/** Queries for the counted posts of a group `g`. */
const lookUps: Record<string, string> = {
  // The days of `post_facts` have no index, the times in `public.posts` do. Where clocks change at midnight, a day may
  // begin twice. Two hours on either side suffice.
  day: `
    select f.*
    from (
      select pid from public.posts
      where timestamp between ${beginning("g.day")} - interval '2 hours' and ${beginning("g.day + 1")} + interval '2 hours'
      ${oneByOne}
    ) p
    cross join lateral (${counted("baked.post_facts")} and f.pid = p.pid ${oneByOne}) f
    where f.day = g.day`,
  tid: `${counted("baked.post_facts")} and f.tid = g.tid ${oneByOne}`,
};

export const countedPosts = input({
  name: "counted_posts",
  tables: [postFacts],
  rows: (sign, _schema, from) => counted(from, sign),
  lookUp: ([column = "", ...others], groups) => {
    const query = lookUps[column];
    if (query === undefined || others.length > 0) throw new Error(`no index finds the counted posts of a ${column}`);
    return `select f.* from ${groups} g cross join lateral (${query}) f`;
  },
});
