import type { CountedPost, Forum } from "../forum.ts";
import { group } from "../groups.ts";

export default ({ countedPosts, countedQuotes }: Forum) =>
  group(
    countedPosts,
    ({ tid }) => [{ tid }],
    (posts) => {
      const days = [...new Set(posts.map(({ day }) => day))].toSorted();
      const dayCounts = days.map((day) => posts.filter((post) => post.day === day).length);
      const most = Math.max(...dayCounts);
      const users = mostFrequent(posts.map(({ uid }) => uid)).slice(0, 20);
      const quoted = mostFrequent(quotedPids(posts, countedQuotes));
      const stream = days.flatMap((day) =>
        users
          .slice(0, 6)
          .map(({ value: uid }) => ({ uid, day, count: posts.filter((p) => p.uid === uid && p.day === day).length }))
          .filter(({ count }) => count > 0)
          .toSorted((a, b) => a.uid - b.uid),
      );
      return {
        stream_uids: stream.map(({ uid }) => uid),
        stream_days: stream.map(({ day }) => day),
        stream_post_counts: stream.map(({ count }) => count),
        days,
        day_post_counts: dayCounts,
        busiest_day: days[dayCounts.indexOf(most)],
        busiest_day_post_count: most,
        uids: users.map(({ value }) => value),
        user_post_counts: users.map(({ count }) => count),
        quoted_pids: quoted.map(({ value }) => value),
        quoted_counts: quoted.map(({ count }) => count),
      };
    },
  );

/** The pids of the quoted posts, each as often as other posts quote it. */
const quotedPids = (posts: CountedPost[], quotes: Forum["countedQuotes"]) =>
  quotes.filter(({ quoted }) => posts.includes(quoted)).map(({ quoted }) => quoted.pid);

/** How often each value occurs, by value. */
function tally(values: number[]) {
  return [...new Set(values)]
    .toSorted((a, b) => a - b)
    .map((value) => ({ value, count: values.filter((other) => other === value).length }));
}

const mostFrequent = (values: number[]) => tally(values).toSorted((a, b) => b.count - a.count);
