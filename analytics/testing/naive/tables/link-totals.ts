import { everyone } from "@potstats/db/baked";
import type { Forum } from "../forum.ts";
import { group, linkSelections, total } from "../groups.ts";

export default ({ countedLinks }: Forum) =>
  group(
    countedLinks,
    (link) =>
      [link.post.uid, everyone].flatMap((uid) => linkSelections(link).map((selection) => ({ ...selection, uid }))),
    total,
  );
