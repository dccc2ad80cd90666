/** Like `content.indexOf(needle, from)`, but all calls together take linear time if `from` never decreases. */
export function createForwardSearch(content: string, needle: string): (from: number) => number {
  let position = -2;
  return (from) => {
    if (position !== -1 && position < from) position = content.indexOf(needle, from);
    return position;
  };
}
