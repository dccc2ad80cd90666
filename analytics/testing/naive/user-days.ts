import type { Forum } from "./forum.ts";
import { group, totals } from "./groups.ts";

export const userDays = ({ counted }: Forum) => group(counted, ({ uid, bid, day }) => [{ uid, bid, day }], totals);
