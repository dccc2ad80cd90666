import * as baked from "@potstats/db/baked";
import { quotes } from "../inputs/quotes.ts";
import { selected, selections } from "../inputs/sql.ts";
import { same, statistic, sums } from "../statistic.ts";

/** How often users quote each other, or themselves, in the year and board of the quoting post. */
export const quoteGraph = statistic(baked.quoteGraph, {
  needs: { quotes },
  columns: { ...selected, ...same("quoter_uid", "quoted_uid"), ...sums("count") },
  from: (sources) => `${sources.quotes} group by ${selections("quoter_uid", "quoted_uid")}`,
  maintain: "add",
  groupBySorting: true,
  startEarly: true,
});
