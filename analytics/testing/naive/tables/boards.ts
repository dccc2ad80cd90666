import { repair } from "@potstats/bbcode/repair";
import type { Forum } from "../forum.ts";

export default ({ boards: crawled, categories }: Forum) =>
  crawled.map(({ bid, cid, name, description }) => {
    const category = categories.find((row) => row.cid === cid);
    return {
      bid,
      cid,
      category: category ? repair(category.name ?? "") : null,
      name: repair(name ?? ""),
      description: repair(description ?? ""),
    };
  });
