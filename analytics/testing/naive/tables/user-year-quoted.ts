import { bestOf } from "../bests.ts";
import type { Forum } from "../forum.ts";
import { group } from "../groups.ts";

export default ({ countedQuotes }: Forum) =>
  group(
    countedQuotes.map(({ quoted }) => quoted),
    ({ uid, year }) => [{ uid, year }],
    (quoted) => {
      const posts = [...Map.groupBy(quoted, ({ pid }) => pid)].map(([pid, own]) => ({ pid, quoted_count: own.length }));
      return bestOf(posts, "quoted_count", "pid");
    },
  );
