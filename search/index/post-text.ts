/** The searchable parts of a post: its title, the poster's own text, and the addresses behind link texts. */
import { linkedAddresses, ownText } from "@potstats/bbcode/parse";
import { repair } from "@potstats/bbcode/repair";

/** @returns title and own text, one line each; "" if the post has neither */
export const textOf = (title: string | null, content: string | null): string =>
  [repair((title ?? "").trim()), ownText(content ?? "")].filter((part) => part !== "").join("\n");

/** @returns the addresses of `[url=…]`, which are searchable, but shown only if they match */
export const addressesOf = (content: string | null): string[] => linkedAddresses(content ?? "");
