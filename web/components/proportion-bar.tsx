/** A bar whose length is proportional to the largest count of its column. */
export const ProportionBar = (props: { count: number; largest: number; width_rem: number }) => (
  <span class="share" style={{ width: `${(props.width_rem * props.count) / (props.largest || 1)}rem` }} />
);
