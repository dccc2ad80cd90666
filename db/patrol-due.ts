/** NULL for times such as infinity or year 20000, from which no interval can be computed. */
const finite = (time: string) =>
  `case when ${time} between timestamp '1970-01-01' and timestamp '9999-12-31' then ${time} end`;
const seenAt = `(${finite(`coalesce("checked_at", "listed_last_post")`)})`;
const activeAt = `coalesce(${finite(`greatest("listed_last_post", "gone_at")`)}, timestamp '2000-01-01')`;

/**
 * When the patrol's next check of a thread is due, as an indexed expression over `threads`: once the time without posts
 * has doubled since the last check, but at least an hour after that check. A thread that was never checked counts as
 * checked at its last post. A thread that is gone counts as active until then.
 */
export const checkDue = `(${seenAt} + greatest(interval '1 hour', ${seenAt} - ${activeAt}))`;
