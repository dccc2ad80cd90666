import { colorOf, shapes } from "./shapes.ts";

/** The mark of a quoting circle, as in the picture. */
export const Shape = (props: { rank: number }) => (
  <svg class="network-shape" viewBox="-1.5 -1.5 3 3" aria-hidden="true" style={{ fill: `var(${colorOf(props.rank)})` }}>
    <path d={shapes[props.rank] ?? ""} />
  </svg>
);
