import type { Forum } from "../forum.ts";
import { group, total } from "../groups.ts";

type Quote = Forum["countedQuotes"][number];

const pair = ({ quoting, quoted }: Quote) => ({ quoter_uid: quoting.uid, quoted_uid: quoted.uid });

const boardsOf = (quotes: Quote[]) => [...new Set(quotes.map(({ quoting }) => quoting.bid))];

export default ({ countedQuotes }: Forum) => {
  const inYear = ({ quoting, quoted }: Quote) =>
    countedQuotes.filter(
      (other) =>
        other.quoting.year === quoting.year && other.quoting.uid === quoting.uid && other.quoted.uid === quoted.uid,
    );
  const inSeveralBoards = countedQuotes.filter((quote) => boardsOf(inYear(quote)).length > 1);
  return [
    ...group(
      countedQuotes,
      (quote) => [{ year: 0, bid: 0, ...pair(quote) }],
      (quotes) => ({ ...total(quotes), only_bid: null }),
    ),
    ...group(
      countedQuotes,
      (quote) => [{ year: quote.quoting.year, bid: 0, ...pair(quote) }],
      (quotes) => ({ ...total(quotes), only_bid: boardsOf(quotes).length === 1 ? quotes[0]?.quoting.bid : null }),
    ),
    ...group(
      inSeveralBoards,
      (quote) => [{ year: quote.quoting.year, bid: quote.quoting.bid, ...pair(quote) }],
      (quotes) => ({ ...total(quotes), only_bid: null }),
    ),
  ];
};
