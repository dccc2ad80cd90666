/** The searchable parts of a post: its title, the poster's own text, and the addresses behind link texts. */
import { linkedAddresses, ownText } from "@potstats/bbcode/parse";
import { repair } from "@potstats/bbcode/repair";

/** A post's title and own text, each "" if there is none. */
export const titleAndText = (title: string | null, content: string | null): [title: string, text: string] => [
  repair((title ?? "").trim()),
  ownText(content ?? ""),
];

/** @returns title and own text, one line each; "" if the post has neither */
export const textOf = (title: string | null, content: string | null): string =>
  titleAndText(title, content)
    .filter((part) => part !== "")
    .join("\n");

/** @returns the addresses of `[url=…]`, which are searchable, but shown only if they match */
export const addressesOf = (content: string | null): string[] => linkedAddresses(content ?? "");
