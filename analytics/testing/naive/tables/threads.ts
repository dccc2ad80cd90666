import { repair } from "@potstats/bbcode/repair";
import type { Forum } from "../forum.ts";

export default ({ threads: crawled, posts }: Forum) =>
  crawled.map((thread) => {
    const first = posts.find(({ pid }) => pid === thread.first_pid);
    return {
      tid: thread.tid,
      bid: thread.bid,
      title: repair(thread.title ?? ""),
      subtitle: repair(thread.subtitle ?? ""),
      tags: (thread.tags ?? []).map(repair),
      is_closed: thread.is_closed ?? false,
      is_gone: thread.gone_at !== null,
      first_pid: thread.first_pid,
      poster_uid: first?.poster_uid ?? null,
      timestamp: first?.timestamp ?? null,
      post_count: posts.filter((post) => post.tid === thread.tid).length,
      revision: Math.max(thread.revision, first?.revision ?? 0),
    };
  });
