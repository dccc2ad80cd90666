import * as baked from "@potstats/db/baked";
import { links } from "../inputs/links.ts";
import { same, statistic, sums } from "../statistic.ts";

/** How often each user links to each domain, per year and type of link, and over all years and types. */
export const userDomains = statistic(baked.userDomains, {
  needs: { links },
  columns: { year: "coalesce(year, 0)", type: "coalesce(type, '')", ...same("uid", "domain"), ...sums("count") },
  from: (sources) => `${sources.links}
    group by grouping sets ((year, type, uid, domain), (year, uid, domain), (type, uid, domain), (uid, domain))`,
  maintain: "add",
  groupBySorting: true,
  startEarly: true,
});
