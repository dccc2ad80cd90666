import { repair } from "@potstats/bbcode/repair";
import type { Forum } from "../forum.ts";

export default ({ users: crawled }: Forum) =>
  crawled.map(({ uid, name: received, aliases, registered }) => {
    const name = repair(received ?? "");
    return {
      uid,
      name,
      name_lower: name.toLowerCase(),
      aliases: (aliases ?? []).map(repair),
      registered: registered?.toISOString().slice(0, 10) ?? null,
    };
  });
