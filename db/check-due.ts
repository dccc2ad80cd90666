/**
 * When the patrol's next look at a thread is due, as an expression over `threads` that an index holds: when it has been quiet
 * for twice as long as it had been at the last look, and an hour later at least. Threads that were never looked at count as
 * seen with their last post, those that are gone as active when they went.
 */
export const checkDue = `(coalesce("checked_at", "listed_last_post") + greatest(interval '1 hour',
  coalesce("checked_at", "listed_last_post") - coalesce(greatest("listed_last_post", "gone_at"), timestamp '2000-01-01')))`;
