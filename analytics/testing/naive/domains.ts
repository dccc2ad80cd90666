import type { Forum } from "./forum.ts";
import { group, total } from "./groups.ts";

type Link = Forum["countedLinks"][number];

/** Its year or all, its type or all. */
export const linkSelections = ({ type, post: { year } }: Link) => [
  { year, type },
  { year, type: "" },
  { year: 0, type },
  { year: 0, type: "" },
];

export const domains = ({ countedLinks }: Forum) =>
  group(
    countedLinks,
    (link) => linkSelections(link).map((selection) => ({ ...selection, domain: link.domain })),
    total,
  );
