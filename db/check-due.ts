/** Times that no calendar shows, such as infinity, are unknown: they have no distance from others. */
const known = (time: string) =>
  `case when ${time} between timestamp '1970-01-01' and timestamp '9999-12-31' then ${time} end`;
const seenAt = `(${known(`coalesce("checked_at", "listed_last_post")`)})`;
const activeAt = `coalesce(${known(`greatest("listed_last_post", "gone_at")`)}, timestamp '2000-01-01')`;

/**
 * When the patrol's next look at a thread is due, as an expression over `threads` that an index holds: when it has been quiet
 * for twice as long as it had been at the last look, and an hour later at least. Threads that were never looked at count as
 * seen with their last post, those that are gone as active when they went.
 */
export const checkDue = `(${seenAt} + greatest(interval '1 hour', ${seenAt} - ${activeAt}))`;
