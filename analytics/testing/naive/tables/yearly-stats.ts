import type { Forum } from "../forum.ts";
import { active, group, selections, totals } from "../groups.ts";

export default ({ counted }: Forum) => group(counted, selections, (posts) => ({ ...totals(posts), ...active(posts) }));
