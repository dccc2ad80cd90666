import { rollups } from "./facts.ts";

/** Who quotes whom, in year and board of the quoting post; quoting oneself is an edge too. */
export const quoteGraph = `
  select coalesce(year, 0), coalesce(bid, 0), quoter_uid, quoted_uid, sum(count)
  from baked_next.edges
  group by ${rollups("quoter_uid, quoted_uid")}`;
