/** What is searched of a post, and shown of it: its title and the poster's own text; and addresses that hide behind texts. */
import { linkedAddresses, ownText } from "@potstats/bbcode/parse";
import { repair } from "@potstats/bbcode/repair";

/** @returns title and own text, each a line of its own; '' of a post that says nothing */
export const textOf = (title: string | null, content: string | null): string =>
  [repair((title ?? "").trim()), ownText(content ?? "")].filter((part) => part !== "").join("\n");

/** @returns addresses of `[url=…]`: they are found, too, but shown only where they are hits */
export const addressesOf = (content: string | null): string[] => linkedAddresses(content ?? "");
