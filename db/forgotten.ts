/** How names of forgotten users are told although nobody keeps them. */
import { createHash } from "node:crypto";

/** What is kept of a forgotten user's name, in whatever case it is written. It hides the name from whoever looks, and is no secret: the forum itself tells who has the uid beside it. */
export const nameDigest = (name: string): string =>
  createHash("sha256").update(name.trim().toLowerCase()).digest("hex").slice(0, 32);
