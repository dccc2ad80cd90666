/** Finds out, before the server is asked, whether an operator of the query language is being typed. */

const operators = ["user", "board", "year", "before", "after", "has", "tag"];

/** Shortest beginning of an operator's name that is completed. */
const minLength = 2;

/** The text between the last space outside of quotation marks and the caret. */
function tokenBefore(content: string, caret: number): string {
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < caret; at++) {
    const sign = content[at] ?? "";
    if (sign === '"') isQuoted = !isQuoted;
    else if (!isQuoted && /\s/.test(sign)) start = at + 1;
  }
  return content.slice(start, caret);
}

/** Whether the text before the caret is an operator with the beginning of its value, or the beginning of an operator. */
export function hasOperatorAt(content: string, caret: number): boolean {
  const token = tokenBefore(content, caret).toLowerCase();
  return operators.some(
    (operator) => token.startsWith(`${operator}:`) || (token.length >= minLength && operator.startsWith(token)),
  );
}
