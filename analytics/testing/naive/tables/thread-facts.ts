import type { Forum } from "../forum.ts";
import { inOrder } from "../records.ts";

export default ({ countedPosts }: Forum) =>
  [...Map.groupBy(countedPosts, ({ tid }) => tid)].map(([tid, all]) => {
    const posts = inOrder(all);
    const silences = posts
      .slice(1)
      .map(({ pid, unix_s }, at) => ({ pid, unix_s, silence: unix_s - (posts[at]?.unix_s ?? 0) }));
    const records = silences.filter(
      ({ silence }, at) => silence > 0 && silences.slice(0, at).every((earlier) => earlier.silence < silence),
    );
    const [first] = posts;
    return {
      tid,
      bid: first?.bid,
      pid: first?.pid,
      unix_s: first?.unix_s,
      post_count: posts.length,
      participants: new Set(posts.map(({ uid }) => uid)).size,
      fast_count: posts.filter(({ unix_s }) => unix_s - (first?.unix_s ?? 0) < 86_400).length,
      silences_s: records.map(({ silence }) => silence),
      silence_pids: records.map(({ pid }) => pid),
      silence_unix_s: records.map(({ unix_s }) => unix_s),
    };
  });
