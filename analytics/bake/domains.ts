/** Who links where: (year or all, link type or all, user, domain). */
export const userDomains = `
  select coalesce(year, 0), coalesce(type, ''), uid, domain, sum(count)
  from baked_next.links
  group by grouping sets ((year, type, uid, domain), (year, uid, domain), (type, uid, domain), (uid, domain))`;

export const domains = `
  select year, type, domain, sum(count)
  from baked_next.user_domains
  group by year, type, domain`;
