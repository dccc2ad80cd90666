/** Documents as rows of `search.posts` and `search.threads`. */
import type { PostDocument, ThreadDocument } from "./documents.ts";
import { type FilterKind, filterWord } from "./filter-words.ts";

interface Texts {
  words: string;
  forms: string;
}

/** Words stand between spaces, so that a phrase is a substring. */
const wordsText = (words: string[]) => (words.length === 0 ? " " : ` ${words.join(" ")} `);

const place = (kind: FilterKind, id: number | null) => (id === null ? [] : [filterWord(kind, id)]);

export const postTexts = ({
  words,
  forms,
  uid,
  bid,
  tid,
  has,
}: Pick<PostDocument, "words" | "forms" | "uid" | "bid" | "tid" | "has">): Texts => ({
  words: wordsText(words),
  forms: [
    ...forms,
    ...place("user", uid),
    ...place("board", bid),
    ...place("thread", tid),
    ...has.map((kind) => filterWord("link", kind)),
  ].join(" "),
});

export const threadTexts = ({ words, forms, uid, bid, tid, tags }: ThreadDocument): Texts => ({
  words: wordsText(words),
  forms: [
    ...forms,
    ...place("user", uid),
    ...place("board", bid),
    ...place("thread", tid),
    ...new Set(tags.map((tag) => filterWord("tag", tag))),
  ].join(" "),
});
