import { percent } from "../i18n/index.ts";

/** A share of a whole, as a bar and as text: "41 %". */
export const Share = (props: { part: number; whole: number }) => {
  const share = () => props.part / (props.whole || 1);
  return (
    <span class="share">
      <i aria-hidden="true">
        <i style={{ width: `${100 * share()}%` }} />
      </i>
      <span>{percent(share())}</span>
    </span>
  );
};
