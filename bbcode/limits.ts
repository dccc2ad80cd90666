/** How long values may be, so that every index, column and page can hold them. Lengths are Unicode code points. */

/** Names of users, boards and categories: four bytes each fit into a row of a B-tree, which ends at 2,704. */
export const longestName = 200;

/** Titles, ranks, tags, descriptions and whatever else is one line. */
export const longestLine = 500;

/** The first code points of a text; a character is never cut in two. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return Array.from(text.slice(0, most * 2 + 1))
    .slice(0, most)
    .join("");
}
