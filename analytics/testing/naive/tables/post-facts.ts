import { hourOfWeek } from "../clock.ts";
import type { Forum } from "../forum.ts";

export default ({ facts }: Forum) =>
  facts.map(({ moment, edits, ...post }) => ({
    ...post,
    unix_s: moment?.unix_s ?? null,
    day: moment?.day ?? null,
    year: moment?.year ?? null,
    hour: moment ? hourOfWeek(moment) : null,
    edit_count: edits,
  }));
