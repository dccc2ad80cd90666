import { createMemo } from "solid-js";
import { useDayLink } from "../day-link.ts";
import { day, month, monthOfYear, shortWeekday } from "../i18n/index.ts";
import { yearsLayout } from "./calendar-layout.ts";
import { byMonth } from "./dates.ts";
import { HeatMap } from "./heat-map.tsx";
import { isTouch } from "./touch.ts";

const isMonth = (key: string) => key.length === "2016-02".length;

/**
 * Several years below each other, the latest on top: by day, or by month where days would be too small. Days are links
 * to their numbers, months and years to the year.
 */
export function Calendars(props: {
  label: string;
  /** Ascending. */
  years: readonly number[];
  /** Values by day, in order; missing days count as 0. */
  values: ReadonlyMap<string, number>;
  value: (value: number) => string;
  yearHref: (year: number) => string;
}) {
  const dayLink = useDayLink();
  const names = { month, weekday: shortWeekday };
  const latestFirst = () => props.years.toReversed();
  /** Days and months: their keys differ. */
  const values = createMemo(() => new Map([...props.values, ...byMonth(props.values)]));
  return (
    <HeatMap
      label={props.label}
      layout={(width) => yearsLayout(latestFirst(), width, isTouch(), names)}
      values={values()}
      name={(key) => (isMonth(key) ? monthOfYear(`${key}-01`) : day(key))}
      value={props.value}
      href={(key) => (isMonth(key) ? props.yearHref(Number(key.slice(0, 4))) : dayLink(key))}
      yearHref={props.yearHref}
    />
  );
}
