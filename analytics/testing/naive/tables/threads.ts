import { repair } from "@potstats/bbcode/repair";
import { foldWords } from "@potstats/bbcode/fold";
import type { Forum } from "../forum.ts";

export default ({ threads: crawled, posts }: Forum) =>
  crawled.map((thread) => {
    const first = posts.find(({ pid }) => pid === thread.first_pid);
    return {
      tid: thread.tid,
      bid: thread.bid,
      title: repair(thread.title ?? ""),
      subtitle: repair(thread.subtitle ?? ""),
      tags: (thread.tags ?? []).map(repair),
      ...series(foldWords(repair(thread.title ?? ""))),
      is_closed: thread.is_closed ?? false,
      is_gone: thread.gone_at !== null,
      first_pid: thread.first_pid,
      poster_uid: first?.poster_uid ?? null,
      timestamp: first?.timestamp ?? null,
      post_count: posts.filter((post) => post.tid === thread.tid).length,
      revision: Math.max(thread.revision, first?.revision ?? 0),
    };
  });

const roman = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
const tens = ["", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx", "xc"];
const numerals = new Set(
  ["", "c"].flatMap((hundred) => tens.flatMap((ten) => roman.map((one) => hundred + ten + one))),
);
for (const word of ["", "i"]) numerals.delete(word);

const isNumeral = (word: string) => numerals.has(word) || /^[0-9]+$/.test(word);
const isMarker = (word: string | undefined) => ["teil", "part", "nr", "no", "vol", "die"].includes(word ?? "");

/** @param folded the title's words; those without letters and digits do not count */
function series(folded: string[]) {
  const words = folded.filter((word) => /[\p{L}\p{N}]/u.test(word));
  const rest = [...words];
  while (isMarker(rest.at(-1))) rest.pop();
  const is_part = isNumeral(rest.pop() ?? "");
  while (isMarker(rest.at(-1))) rest.pop();
  const name = (is_part ? rest : words).join(" ");
  return name.replaceAll(/\P{L}/gu, "").length < 6 ? { series: null, is_part: false } : { series: name, is_part };
}
