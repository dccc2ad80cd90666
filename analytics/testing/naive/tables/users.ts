import { repair } from "@potstats/bbcode/repair";
import type { Forum } from "../forum.ts";

export default ({ users: crawled }: Forum) =>
  crawled.map(({ uid, name: received, aliases }) => {
    const name = repair(received ?? "");
    return { uid, name, name_lower: name.toLowerCase(), aliases: (aliases ?? []).map(repair) };
  });
