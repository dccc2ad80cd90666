import { bestOf } from "../bests.ts";
import type { Forum } from "../forum.ts";
import { group } from "../groups.ts";
import { later } from "../records.ts";

export default ({ countedPosts }: Forum) =>
  group(
    countedPosts,
    ({ year }) => [{ year }],
    (posts) => {
      const year = posts[0]?.year;
      const users = [...Map.groupBy(posts, ({ uid }) => uid)];
      const streaks = users.flatMap(([uid, own]) => {
        const days = new Set(own.map(({ day }) => day));
        return [...days].map((from_day) => {
          let length = 1;
          while (days.has(later(from_day, length))) length++;
          return { uid, from_day, days: length, year };
        });
      });
      return bestOf(streaks, "days", "from_day", "uid");
    },
  );
