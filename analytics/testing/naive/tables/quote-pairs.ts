import type { Forum } from "../forum.ts";

export default function ({ countedQuotes }: Forum) {
  const pairs = Map.groupBy(countedQuotes, ({ quoting, quoted }) => `${quoting.uid} ${quoted.uid}`);
  return [...pairs.values()].map((quotes) => {
    const ordered = quotes.toSorted(
      (a, b) => a.quoting.unix_s - b.quoting.unix_s || a.quoting.pid - b.quoting.pid || a.quoted.pid - b.quoted.pid,
    );
    const [first, end] = [ordered[0]!, ordered.at(-1)!];
    const last = ordered.find(({ quoting }) => quoting.pid === end.quoting.pid)!;
    return {
      quoter_uid: first.quoting.uid,
      quoted_uid: first.quoted.uid,
      first_pid: first.quoting.pid,
      first_quoted_pid: first.quoted.pid,
      last_pid: last.quoting.pid,
      last_quoted_pid: last.quoted.pid,
    };
  });
}
