import { expect, test } from "bun:test";
import { fittingLines, linesOf } from "./wrap.ts";

/** Every character is half as wide as it is high. */
const widthOf = (text: string, fontSize: number) => (Array.from(text).length * fontSize) / 2;

test("text is broken between words, and a word that is too long anywhere, without losing a character", () => {
  const width = (text: string) => widthOf(text, 10);
  expect(linesOf("Der große Kochthread", 50, width)).toEqual(["Der große", "Kochthread"]);
  expect(linesOf("", 50, width)).toEqual([]);
  const emoji = "👩‍👩‍👧";
  for (const title of ["Donaudampfschifffahrtsgesellschaft", `${emoji.repeat(30)}`, "a".repeat(255)]) {
    const lines = linesOf(title, 100, width);
    expect(lines.join("")).toBe(title);
    for (const line of lines) expect(line.split(emoji).every((rest) => rest === "" || !rest.includes("👩"))).toBe(true);
  }
});

test("the largest size is used in which a text fits, and a smaller one if none does", () => {
  const box = { sizes: [40, 30, 20], weight: 400, width: 200, lines: 2 };
  expect(fittingLines("kurz", box, widthOf)).toEqual({ size: 40, lines: ["kurz"] });
  expect(fittingLines("etwas längerer Titel", box, widthOf).size).toBe(20);
  const long = fittingLines("sehr ".repeat(14).trim(), box, widthOf);
  expect(long.size).toBeLessThan(20);
  expect(long.lines.join(" ")).toBe("sehr ".repeat(14).trim());
  expect(long.lines.length).toBeLessThanOrEqual(2);
});
