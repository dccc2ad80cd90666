import type { Forum } from "../forum.ts";
import { group, linkSelections, total } from "../groups.ts";

export default ({ countedLinks }: Forum) =>
  group(
    countedLinks,
    (link) => linkSelections(link).map((selection) => ({ ...selection, domain: link.domain })),
    total,
  );
