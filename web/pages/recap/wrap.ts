/** Breaks text into lines that fit. Pure, but for the function that measures. */

/** The width of a text in pixels. */
export type TextWidth = (content: string, fontSize: number, weight: number) => number;

interface Box {
  /** Sizes to try, the largest first. */
  sizes: readonly number[];
  weight: number;
  width: number;
  /** How many lines there may be. */
  lines: number;
}

const segments = new Intl.Segmenter("de", { granularity: "grapheme" });

/** The lines of a text; a word that is too long is broken anywhere. */
export function linesOf(content: string, width: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = "";
  const add = (piece: string, space: string) => {
    const longer = line + space + piece;
    if (line === "" || widthOf(longer) <= width) line = longer;
    else {
      lines.push(line);
      line = piece;
    }
  };
  for (const word of content.split(/\s+/).filter((found) => found !== "")) {
    if (widthOf(word) <= width) add(word, line === "" ? "" : " ");
    else
      for (const [at, { segment }] of [...segments.segment(word)].entries())
        add(segment, at === 0 && line !== "" ? " " : "");
  }
  return line === "" ? lines : [...lines, line];
}

/** The text in the largest size in which it fits the box; in the smallest, shrunk further, if there is none. */
export function fittingLines(content: string, { sizes, weight, width, lines }: Box, widthOf: TextWidth) {
  const broken = (size: number) => linesOf(content, width, (text) => widthOf(text, size, weight));
  for (const size of sizes) {
    const found = broken(size);
    const isWhole = found.length === 1 || content.split(/\s+/).every((word) => widthOf(word, size, weight) <= width);
    if (found.length <= lines && isWhole) return { size, lines: found };
  }
  let size = sizes.at(-1) ?? 16;
  while (size > 8 && broken(size).length > lines) size -= 1;
  return { size, lines: broken(size) };
}
