/** All intermediate tables. */
import type { Intermediate } from "./intermediate.ts";
import { quotedPosts } from "./quoted-posts.ts";
import { threadQuotes } from "./thread-quotes.ts";
import { threadSummaries } from "./thread-summaries.ts";
import { userBoardHours } from "./user-board-hours.ts";
import { userDates } from "./user-dates.ts";

export const intermediates: readonly Intermediate[] = [
  threadSummaries,
  threadQuotes,
  quotedPosts,
  userBoardHours,
  userDates,
];
