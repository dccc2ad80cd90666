/**
 * Colors for any number of lines in an order: from one end of a scale to the other the lightness only grows, so that
 * readers who see no difference between hues see the order all the same. Each has a contrast of at least 3 : 1 with the
 * card. Pure.
 */
type Rgb = readonly [red: number, green: number, blue: number];

/** The ends of the scales and what is between them. */
export const scales = {
  light: [
    [20, 40, 92],
    [28, 92, 122],
    [42, 114, 108],
    [196, 118, 40],
  ],
  dark: [
    [74, 112, 196],
    [72, 158, 186],
    [118, 198, 150],
    [255, 226, 140],
  ],
} as const satisfies Record<string, readonly Rgb[]>;

/** @param part of the scale, from 0 to 1 */
export function colorAt(scale: readonly Rgb[], part: number): Rgb {
  const place = part * (scale.length - 1);
  const at = Math.min(scale.length - 2, Math.floor(place));
  const [from, to] = [scale[at] ?? [0, 0, 0], scale[at + 1] ?? [0, 0, 0]];
  const mixed = ([0, 1, 2] as const).map((channel) =>
    Number((from[channel] + (to[channel] - from[channel]) * (place - at)).toFixed(1)),
  );
  return [mixed[0] ?? 0, mixed[1] ?? 0, mixed[2] ?? 0];
}

/** Sets the colors of so many series, for the charts within an element. */
export function lineColors(count: number): Record<string, string> {
  const rgb = (scale: readonly Rgb[], at: number) =>
    `rgb(${colorAt(scale, count < 2 ? 0 : at / (count - 1)).join(" ")})`;
  return Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `--line-${at + 1}`,
      `light-dark(${rgb(scales.light, at)}, ${rgb(scales.dark, at)})`,
    ]),
  );
}
