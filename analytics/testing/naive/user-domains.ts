import { linkSelections } from "./domains.ts";
import type { Forum } from "./forum.ts";
import { group, total } from "./groups.ts";

export const userDomains = ({ countedLinks }: Forum) =>
  group(
    countedLinks,
    (link) => linkSelections(link).map((selection) => ({ ...selection, uid: link.post.uid, domain: link.domain })),
    total,
  );
