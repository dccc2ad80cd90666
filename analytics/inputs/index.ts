/** The tables from which statistics are derived. */
import { postFacts, postFaults, postLinks, postQuotes } from "@potstats/db/baked";
import { quotes } from "./quotes.ts";
import { countedPosts } from "./counted-posts.ts";
import type { Input } from "./input.ts";
import { links } from "./links.ts";

/** Tables whose rows belong to one post each. */
export const postTables = [postFacts, postQuotes, postLinks, postFaults];

export const inputs: readonly Input[] = [countedPosts, quotes, links];
