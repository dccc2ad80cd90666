import * as baked from "@potstats/db/baked";
import { edges } from "../inputs/edges.ts";
import { selected, selections } from "../inputs/sql.ts";
import { same, statistic, sums } from "../statistic.ts";

/** How often users quote each other, or themselves, in the year and board of the quoting post. */
export const quoteGraph = statistic(baked.quoteGraph, {
  needs: { edges },
  columns: { ...selected, ...same("quoter_uid", "quoted_uid"), ...sums("count") },
  from: (sources) => `${sources.edges} group by ${selections("quoter_uid", "quoted_uid")}`,
  maintain: "add",
  groupBySorting: true,
  startEarly: true,
});
