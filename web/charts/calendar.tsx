import { createMemo } from "solid-js";
import { useDayLink } from "../day-link.ts";
import { day, month, shortWeekday } from "../i18n/index.ts";
import { yearLayout, yearStrip } from "./calendar-layout.ts";
import { HeatMap } from "./heat-map.tsx";
import { isTouch } from "./touch.ts";

/**
 * A year by day: weeks side by side or, where their cells would be too small, months below each other. Each day is a
 * link to its numbers.
 * @param props.statistic keeps another statistic than posts in the links
 * @param props.isStrip keeps the weeks side by side, in a box that scrolls sideways if there is no room
 */
export function Calendar(props: {
  label: string;
  year: number;
  /** Values by day, in order; missing days count as 0. */
  values: ReadonlyMap<string, number>;
  value: (value: number) => string;
  statistic?: string | undefined;
  chosen?: string | undefined;
  isStrip?: boolean;
}) {
  const dayLink = useDayLink();
  /** A memo, so that cells, and the focus, stay when only values change. */
  const year = createMemo(() => props.year);
  const names = { month, weekday: shortWeekday };
  return (
    <HeatMap
      label={props.label}
      layout={(width) => (props.isStrip ? yearStrip : yearLayout)(year(), width, isTouch(), names)}
      values={props.values}
      name={day}
      value={props.value}
      href={(iso) => dayLink(iso, props.statistic)}
      chosen={props.chosen}
      latest={[...props.values].findLast(([, value]) => value > 0)?.[0]}
    />
  );
}
