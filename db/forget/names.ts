/** How names of forgotten users are told although nobody keeps them. */
import { createHash } from "node:crypto";
import { repair } from "@potstats/bbcode/repair";

/** A name as it is compared: in whatever case, and with characters or their references. */
export const plainName = (name: string): string => repair(name).trim().toLowerCase();

/** What is kept of a forgotten user's name. It hides the name from whoever looks, and is no secret: the forum itself tells who has the uid beside it. */
export const nameDigest = (name: string): string =>
  createHash("sha256").update(plainName(name)).digest("hex").slice(0, 32);
