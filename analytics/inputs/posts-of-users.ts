import { isCounted } from "./counted-posts.ts";
import { fence } from "./sql.ts";

/**
 * A query for all counted posts of some users. A user may have 100,000: only for what hardly ever happens.
 * @param groups a table with a column `uid`
 */
export const postsOfUsers = (groups: string): string => {
  const oneByOne = fence("looked up one by one, whatever the planner expects");
  return `
    select f.*
    from (select distinct uid from ${groups}) g
    cross join lateral (select pid from public.posts where poster_uid = g.uid ${oneByOne}) p
    cross join lateral (
      select 1 as sign, f.* from baked.post_facts f where f.pid = p.pid and ${isCounted("f")} ${oneByOne}
    ) f`;
};
