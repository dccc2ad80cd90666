/** Answers where `needle` next stands at or after a position, in linear time over rising positions; -1 for nowhere. */
export function finder(content: string, needle: string): (from: number) => number {
  let found = -2;
  return (from) => {
    if (found !== -1 && found < from) found = content.indexOf(needle, from);
    return found;
  };
}
