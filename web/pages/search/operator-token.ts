/** Finds the token of a query that is being typed, to ask the server only if it may be an operator. */

const operators = ["user", "board", "year", "before", "after", "has", "tag"];

/** Shortest beginning of an operator's name that is completed. */
const minLength = 2;

/** Where the token before the caret starts: after the last space outside of quotation marks. */
function tokenStart(content: string, caret: number): number {
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < caret; at++) {
    const sign = content[at] ?? "";
    if (sign === '"') isQuoted = !isQuoted;
    else if (!isQuoted && /\s/.test(sign)) start = at + 1;
  }
  return start;
}

/** The query without its last token, which is still being typed. */
export const withoutLastToken = (content: string): string =>
  content.slice(0, tokenStart(content.trimEnd(), content.trimEnd().length));

/** Whether the text before the caret is an operator with the beginning of its value, or the beginning of an operator. */
export function hasOperatorAt(content: string, caret: number): boolean {
  const token = content.slice(tokenStart(content, caret), caret).toLowerCase();
  return operators.some(
    (operator) => token.startsWith(`${operator}:`) || (token.length >= minLength && operator.startsWith(token)),
  );
}
