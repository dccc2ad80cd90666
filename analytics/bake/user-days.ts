/** What each user did on each day in each board. */
export const userDays = `
  select uid, bid, day, sum(sign), sum(sign * edit_count), sum(sign * length), sum(sign * threads_created)
  from baked_next.facts
  group by uid, bid, day order by uid, bid, day`;
