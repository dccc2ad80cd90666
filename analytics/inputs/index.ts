/** What the statistics are made from. */
import { postFacts, postFaults, postLinks, postQuotes } from "@potstats/db/baked";
import { edges } from "./edges.ts";
import { facts } from "./facts.ts";
import type { Input } from "./input.ts";
import { links } from "./links.ts";

/** Tables of which every row belongs to one post. */
export const perPost = [postFacts, postQuotes, postLinks, postFaults];

export const inputs: readonly Input[] = [facts, edges, links];
