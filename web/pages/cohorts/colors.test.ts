import { expect, test } from "bun:test";
import { colorAt, lineColors, scales } from "./colors.ts";

/** Relative luminance (WCAG 2). */
function luminance(rgb: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
const contrast = (one: number, other: number) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);

/** --surface in tokens.css. */
const cards = { light: [255, 255, 255], dark: [25, 33, 42] } as const;

test.each(["light", "dark"] as const)("in %s the colors only become lighter, and stand out from the card", (theme) => {
  const lightness = Array.from({ length: 101 }, (_, at) => luminance(colorAt(scales[theme], at / 100)));
  expect(lightness).toEqual(lightness.toSorted((a, b) => a - b));
  for (const value of lightness) expect(contrast(value, luminance(cards[theme]))).toBeGreaterThanOrEqual(3);
});

test("each series has a color of its own, from one end of the scale to the other", () => {
  const colors = lineColors(17);
  expect(Object.keys(colors)).toHaveLength(17);
  expect(new Set(Object.values(colors)).size).toBe(17);
  expect(colors["--line-1"]).toBe("light-dark(rgb(20 40 92), rgb(74 112 196))");
  expect(colors["--line-17"]).toBe("light-dark(rgb(196 118 40), rgb(255 226 140))");
  expect(lineColors(1)).toHaveProperty("--line-1");
});
