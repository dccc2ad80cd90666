import type { Forum } from "../forum.ts";
import { group, totals } from "../groups.ts";

export default ({ countedPosts }: Forum) => group(countedPosts, ({ uid, bid, day }) => [{ uid, bid, day }], totals);
