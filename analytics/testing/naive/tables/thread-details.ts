import type { CountedPost, Forum } from "../forum.ts";
import { group } from "../groups.ts";

export default ({ countedPosts, countedQuotes }: Forum) =>
  group(
    countedPosts,
    ({ tid }) => [{ tid }],
    (posts) => {
      const days = posts.map(({ day }) => day).toSorted();
      const [first_day, last_day] = [days[0]!, days.at(-1)!];
      const isDaily = dayNumber(last_day) - dayNumber(first_day) < 400;
      const period = isDaily ? dayNumber : monthNumber;
      const periods = tally(posts.map(({ day }) => period(day) - period(first_day)));
      const ofDay = tally(posts.map(({ day }) => dayNumber(day)));
      const most = Math.max(...ofDay.map(({ count }) => count));
      const users = mostFrequent(posts.map(({ uid }) => uid)).slice(0, 20);
      const quoted = mostFrequent(quotedPids(posts, countedQuotes)).slice(0, 10);
      return {
        first_day,
        last_day,
        busiest_day: days.find((day) => days.filter((other) => other === day).length === most),
        busiest_day_post_count: most,
        periods: periods.map(({ value }) => value),
        period_post_counts: periods.map(({ count }) => count),
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

const dayNumber = (day: string) => Date.parse(`${day}T00:00:00Z`) / 86_400_000;
const monthNumber = (day: string) => 12 * Number(day.slice(0, 4)) + Number(day.slice(5, 7));

/** How often each value occurs, by value. */
function tally(values: number[]) {
  return [...new Set(values)]
    .toSorted((a, b) => a - b)
    .map((value) => ({ value, count: values.filter((other) => other === value).length }));
}

const mostFrequent = (values: number[]) => tally(values).toSorted((a, b) => b.count - a.count);
