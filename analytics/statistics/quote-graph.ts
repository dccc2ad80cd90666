import * as baked from "@potstats/db/baked";
import { edges } from "../inputs/edges.ts";
import { selected, selections } from "../inputs/sql.ts";
import { same, statistic, sums } from "../statistic.ts";

/** Who quotes whom, in year and board of the quoting post; quoting oneself is an edge, too. */
export const quoteGraph = statistic(baked.quoteGraph, {
  needs: { edges },
  columns: { ...selected, ...same("quoter_uid", "quoted_uid"), ...sums("count") },
  from: (sources) => `${sources.edges} group by ${selections("quoter_uid", "quoted_uid")}`,
  maintain: "add",
  isSorted: true,
  isSlow: true,
});
