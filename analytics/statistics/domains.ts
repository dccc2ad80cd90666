import * as baked from "@potstats/db/baked";
import { same, statistic, sums } from "../statistic.ts";
import { userDomains } from "./user-domains.ts";

/** How often each domain is linked to, by all users together. */
export const domains = statistic(baked.domains, {
  needs: { userDomains },
  columns: { ...same("year", "type", "domain"), ...sums("count") },
  from: (sources) => `${sources.userDomains} group by year, type, domain`,
  maintain: "add",
});
