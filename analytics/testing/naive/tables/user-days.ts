import type { Forum } from "../forum.ts";
import { group, totals } from "../groups.ts";

export default ({ counted }: Forum) => group(counted, ({ uid, bid, day }) => [{ uid, bid, day }], totals);
