/** Documents as rows of `search.posts` and `search.threads`. */
import type { PostDocument, ThreadDocument } from "./documents.ts";

interface Texts {
  words: string;
  forms: string;
}

/** Words stand between spaces, so that a phrase is a substring. */
const wordsText = (words: string[]) => (words.length === 0 ? " " : ` ${words.join(" ")} `);

const place = (mark: string, id: number | null) => (id === null ? [] : [`@${mark}${id}`]);

/** The marks of filters are those of engines/conditions.ts. */
export const postTexts = ({
  words,
  forms,
  uid,
  bid,
  tid,
  has,
}: Pick<PostDocument, "words" | "forms" | "uid" | "bid" | "tid" | "has">): Texts => ({
  words: wordsText(words),
  forms: [...forms, ...place("u", uid), ...place("b", bid), ...place("t", tid), ...has.map((kind) => `@h${kind}`)].join(
    " ",
  ),
});

export const threadTexts = ({ words, forms, uid, bid, tid, tags }: ThreadDocument): Texts => ({
  words: wordsText(words),
  forms: [
    ...forms,
    ...place("u", uid),
    ...place("b", bid),
    ...place("t", tid),
    ...new Set(tags.map((tag) => `@g${tag}`)),
  ].join(" "),
});
