/** Series differ by color and by the shape of their points, for readers who see no difference between the colors. */

/** The color of a series. */
export const seriesColor = (series: number): string => `var(--line-${series + 1})`;

const corners = (count: number, turn: number) =>
  Array.from({ length: count }, (_, at) => {
    const angle = 2 * Math.PI * (at / count + turn);
    return `${(1.25 * Math.sin(angle)).toFixed(3)} ${(-1.25 * Math.cos(angle)).toFixed(3)}`;
  }).join("L");

/** Outlines around 0, of a radius of about 1. */
const shapes = [
  "M-1 0a1 1 0 1 0 2 0a1 1 0 1 0-2 0Z",
  `M${corners(4, 1 / 8)}Z`,
  `M${corners(3, 0)}Z`,
  `M${corners(4, 0)}Z`,
  `M${corners(3, 1 / 2)}Z`,
  "M-1.2-.4h.8v-.8h.8v.8h.8v.8h-.8v.8h-.8v-.8h-.8Z",
];

/** A point of a series in a drawing. */
export const SeriesPoint = (props: { series: number; x: number; y: number; radius: number }) => (
  <path
    class="point"
    d={shapes[props.series % shapes.length] ?? ""}
    transform={`translate(${props.x} ${props.y}) scale(${props.radius})`}
    style={{ fill: seriesColor(props.series) }}
  />
);

/** The same shape beside the name of a series. */
export const SeriesMarker = (props: { series: number }) => (
  <svg class="series-marker" viewBox="-1.4 -1.4 2.8 2.8" aria-hidden="true">
    <SeriesPoint series={props.series} x={0} y={0} radius={1} />
  </svg>
);
