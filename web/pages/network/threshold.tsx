import { plural } from "../../i18n/formats.ts";
import { number, texts } from "../../i18n/index.ts";

const text = texts({
  de: { from: (count: number) => plural(count, "mindestens einmal", `mindestens ${number(count)}-mal`) },
  en: { from: (count) => plural(count, "at least once", `at least ${number(count)} times`) },
});

/** "at least 3 times" */
export const thresholdText = (count: number): string => text().from(count);

/** A slider over the different numbers of quotes. */
export function Threshold(props: {
  /** The numbers, least first. */
  steps: readonly number[];
  chosen: number;
  /** Called while the slider moves. */
  preview: (count: number | undefined) => void;
  /** Called when it stays. */
  choose: (count: number) => void;
}) {
  return (
    <label class="network-threshold">
      <span>{thresholdText(props.chosen)}</span>
      <input
        type="range"
        name="from"
        min="0"
        max={Math.max(0, props.steps.length - 1)}
        value={Math.max(0, props.steps.indexOf(props.chosen))}
        aria-valuetext={thresholdText(props.chosen)}
        onInput={(event) => props.preview(props.steps[Number(event.currentTarget.value)])}
        onChange={(event) => {
          props.choose(props.steps[Number(event.currentTarget.value)] ?? 1);
          props.preview(undefined);
        }}
      />
    </label>
  );
}
