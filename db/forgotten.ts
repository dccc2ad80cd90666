/** How names of forgotten users are told although nobody keeps them. */
import { createHash } from "node:crypto";

const plain = (name: string) => name.trim().toLowerCase();

/** What is kept of a forgotten user's name: salted with the uid, and no secret, since the forum itself tells who has that uid. */
export const nameDigest = (uid: number, name: string): string =>
  createHash("sha256").update(`${uid}:${plain(name)}`).digest("hex").slice(0, 32);
