import { below } from "./base.ts";

/** The address of a year's recap: of the forum, a board or a user. */
export function recapPath(year: number, { bid, uid }: { bid?: string | number; uid?: string | number } = {}): string {
  const scope = uid ? `/users/${uid}` : bid ? `/boards/${bid}` : "";
  return below(`/recap/${year}${scope}`);
}
