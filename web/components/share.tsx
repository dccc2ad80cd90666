import { percentage } from "../i18n/index.ts";

/** A part of a total as a percentage, with a bar of that length. */
export const Share = (props: { count: number; total: number }) => {
  const part = () => props.count / Math.max(1, props.total);
  return (
    <span class="share-of">
      <i style={{ width: `${100 * part()}%` }} />
      {percentage(part())}
    </span>
  );
};
