/** Maximum lengths of values, in Unicode code points, chosen so that every index, column and page can hold them. */

/** Names of users, boards and categories: at four bytes each, they fit into a B-tree row of 2,704 bytes. */
export const maxNameLength = 200;

/** Titles, ranks, tags, descriptions and other single lines. */
export const maxLineLength = 500;

/** Truncates a text to a number of code points; never splits a character. */
export function truncate(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return Array.from(text.slice(0, maxLength * 2 + 1))
    .slice(0, maxLength)
    .join("");
}
