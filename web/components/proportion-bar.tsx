/** A bar for a count beside the largest one of its column. */
export const Share = (props: { count: number; largest: number; width_rem: number }) => (
  <span class="share" style={{ width: `${(props.width_rem * props.count) / (props.largest || 1)}rem` }} />
);
