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
      const silences = posts.slice(1).map((post, at) => ({ ...post, silence: post.unix_s - posts[at]!.unix_s }));
      const longer = silences.filter(({ silence }, at) =>
        silences.slice(0, at).every((before) => before.silence < silence),
      );
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
        longest_silence_s: longer.at(-1)?.silence ?? null,
        silences_s: longer.map(({ silence }) => silence),
        silence_pids: longer.map(({ pid }) => pid),
        silence_times: longer.map(({ unix_s }) => unix_s),
        fast_count: posts.filter((post) => since(post) < 24 * 60 * 60).length,
        times_quoted: quotes.reduce((sum, { count }) => sum + count, 0),
      };
    },
  );
