import type { types } from "./types.ts";

/** Maximum number of rows in a table, and in its file. */
export const limit = "100";
export const wholeLimit = "10000";

/** What the page selects. */
export interface LinkQuery {
  year?: string;
  uid?: string;
  type?: (typeof types)[number];
}
