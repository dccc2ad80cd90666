import type { Forum } from "../forum.ts";
import { selectionsOf } from "../records.ts";

export default function ({ countedQuotes }: Forum) {
  const quoted = countedQuotes.flatMap((quote) =>
    selectionsOf(quote.quoted).map((bid) => ({ bid, day: quote.quoted.day, pid: quote.quoted.pid })),
  );
  return [...Map.groupBy(quoted, ({ bid, day }) => `${bid} ${day}`).values()].map((quotes) => {
    const posts = [...Map.groupBy(quotes, ({ pid }) => pid)].map(([pid, own]) => ({ pid, quoted_count: own.length }));
    const [best] = posts.toSorted((a, b) => b.quoted_count - a.quoted_count || a.pid - b.pid);
    return { bid: quotes[0]?.bid, day: quotes[0]?.day, ...best };
  });
}
