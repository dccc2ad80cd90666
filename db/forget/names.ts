/** Recognizes the names of forgotten users without storing them. */
import { createHash } from "node:crypto";
import { repair } from "@potstats/bbcode/repair";

/** A name in the form in which names are compared: lower case, character references resolved. */
export const plainName = (name: string): string => repair(name).trim().toLowerCase();

/** The stored digest of a forgotten user's name. It is no secret: the forum still shows the name for the uid. */
export const nameDigest = (name: string): string =>
  createHash("sha256").update(plainName(name)).digest("hex").slice(0, 32);
