import type { Forum } from "../forum.ts";
import { group, selections, total } from "../groups.ts";

export default ({ countedQuotes }: Forum) =>
  group(
    countedQuotes,
    ({ quoting, quoted }) =>
      selections(quoting)
        // Boards have no sums over all years.
        .filter(({ year, bid }) => bid === 0 || year !== 0)
        .map((selection) => ({ ...selection, quoter_uid: quoting.uid, quoted_uid: quoted.uid })),
    total,
  );
