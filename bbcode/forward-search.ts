/** Like `content.indexOf(needle, from)`, but in linear time in total if `from` never decreases. */
export function finder(content: string, needle: string): (from: number) => number {
  let position = -2;
  return (from) => {
    if (position !== -1 && position < from) position = content.indexOf(needle, from);
    return position;
  };
}
