/** Who links where: (year or all, link type or all, user, domain). */
export const userDomains = `
  insert into baked_next.user_domains (year, type, uid, domain, count)
  select coalesce(f.year, 0), coalesce(l.type, ''), f.uid, l.domain, sum(l.count)
  from baked_next.post_links l
  join baked_next.facts f on f.pid = l.pid
  group by grouping sets (
    (f.year, l.type, f.uid, l.domain), (f.year, f.uid, l.domain), (l.type, f.uid, l.domain), (f.uid, l.domain)
  )`;

export const domains = `
  insert into baked_next.domains (year, type, domain, count)
  select year, type, domain, sum(count)
  from baked_next.user_domains
  group by year, type, domain`;
