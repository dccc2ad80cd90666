/** Maximum lengths of values, in Unicode code points, such that every index, column and page can hold them. */

/** Names of users, boards and categories: at four bytes each, they fit into a B-tree row of 2,704 bytes. */
export const longestName = 200;

/** Titles, ranks, tags, descriptions and other single lines. */
export const longestLine = 500;

/** The first code points of a text; never half a character. */
export function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return Array.from(text.slice(0, maxLength * 2 + 1))
    .slice(0, maxLength)
    .join("");
}
