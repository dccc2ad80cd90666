/** Times outside of the calendar, such as infinity, become NULL: no interval can be computed from them. */
const finite = (time: string) =>
  `case when ${time} between timestamp '1970-01-01' and timestamp '9999-12-31' then ${time} end`;
const seenAt = `(${finite(`coalesce("checked_at", "listed_last_post")`)})`;
const activeAt = `coalesce(${finite(`greatest("listed_last_post", "gone_at")`)}, timestamp '2000-01-01')`;

/**
 * When the patrol's next check of a thread is due, as an indexed expression over `threads`: when the thread has been quiet for
 * twice as long as at the last check, but an hour after that check at the earliest. A thread that was never checked counts as
 * checked at its last post; a thread that is gone counts as active until it went.
 */
export const checkDue = `(${seenAt} + greatest(interval '1 hour', ${seenAt} - ${activeAt}))`;
