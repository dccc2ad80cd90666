import type { Forum } from "../forum.ts";
import { group, selections } from "../groups.ts";
import threadStats from "./thread-stats.ts";

interface Thread {
  year: number;
  bid: number;
  first_reply_s: number | null;
  lifetime_s: number;
}

export default (forum: Forum) =>
  group(threadStats(forum) as unknown as Thread[], selections, (threads) => {
    const replies = threads.flatMap(({ first_reply_s }) => (first_reply_s === null ? [] : [first_reply_s]));
    const lifetimes = threads.map(({ lifetime_s }) => lifetime_s);
    return {
      threads: threads.length,
      unanswered: threads.length - replies.length,
      first_reply_p50_s: nearestRank(replies, 5),
      first_reply_p90_s: nearestRank(replies, 9),
      lifetime_p50_s: nearestRank(lifetimes, 5),
      lifetime_p90_s: nearestRank(lifetimes, 9),
    };
  });

const nearestRank = (values: number[], tenths: number) =>
  values.toSorted((a, b) => a - b)[Math.ceil((tenths * values.length) / 10) - 1] ?? null;
