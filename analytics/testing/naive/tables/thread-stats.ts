import type { CountedPost, Forum } from "../forum.ts";
import { group } from "../groups.ts";

export default ({ countedPosts, countedQuotes }: Forum) =>
  group(
    countedPosts,
    ({ tid }) => [{ tid }],
    (unordered) => {
      const posts = unordered.toSorted((a, b) => a.unix_s - b.unix_s || a.pid - b.pid);
      const [first, last] = [posts[0]!, posts.at(-1)!];
      const since = (post: CountedPost) => post.unix_s - first.unix_s;
      const reply = posts.find(({ uid }) => uid !== first.uid);
      const silence = longestSilence(posts);
      const quotes = countedQuotes.filter(({ quoted }) => posts.includes(quoted));
      return {
        bid: first.bid,
        year: first.year,
        uid: first.uid,
        opened: first.unix_s,
        post_count: posts.length,
        participants: new Set(posts.map(({ uid }) => uid)).size,
        first_pid: first.pid,
        last_pid: last.pid,
        first_reply_s: reply ? since(reply) : null,
        lifetime_s: since(last),
        half_life_s: since(posts[Math.ceil(posts.length / 2) - 1]!),
        longest_silence_s: silence?.seconds ?? null,
        silence_pid: silence?.pid ?? null,
        times_quoted: quotes.reduce((sum, { count }) => sum + count, 0),
      };
    },
  );

/** The earliest of the longest silences. @param posts in order */
function longestSilence(posts: CountedPost[]) {
  let longest: { seconds: number; pid: number } | undefined;
  for (const [index, { unix_s, pid }] of posts.entries()) {
    const previous = posts[index - 1];
    if (!previous) continue;
    const seconds = unix_s - previous.unix_s;
    if (longest === undefined || seconds > longest.seconds) longest = { seconds, pid };
  }
  return longest;
}
