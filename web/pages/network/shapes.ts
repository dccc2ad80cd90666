/** Shapes of quoting circles: they can be told apart without colors. */

/** Outlines around the origin, all of about the area of the unit circle, as SVG path data. */
export const shapes = [
  "M0-1A1 1 0 1 1 0 1A1 1 0 1 1 0-1Z",
  "M-.89-.89H.89V.89H-.89Z",
  "M0-1.35 1.17.67H-1.17Z",
  "M0-1.26 1.26 0 0 1.26-1.26 0Z",
  "M0 1.35-1.17-.67H1.17Z",
  "M-.46-1.2H.46V-.46H1.2V.46H.46V1.2H-.46V.46H-1.2V-.46H-.46Z",
  "M0-.8A.8 .8 0 1 1 0 .8A.8 .8 0 1 1 0-.8Z",
] as const;

/** The color of a circle, as a CSS variable. */
export const colorOf = (rank: number): string => `--circle-${rank + 1}`;
