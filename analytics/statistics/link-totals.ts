import * as baked from "@potstats/db/baked";
import { same, statistic, sums } from "../statistic.ts";
import { userDomains } from "./user-domains.ts";

/** How many links each user has posted, and all users together. */
export const linkTotals = statistic(baked.linkTotals, {
  needs: { userDomains },
  columns: { ...same("year", "type"), uid: `coalesce(uid, ${baked.everyone})`, ...sums("count") },
  from: (sources) => `${sources.userDomains} group by grouping sets ((year, type, uid), (year, type))`,
  maintain: "add",
});
