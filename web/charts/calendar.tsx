import { createMemo, For } from "solid-js";
import { day, month, number, shortWeekday } from "../i18n/index.ts";
import { day_ms, isoDay, midnight_ms, midnightsOf, weekdayOf } from "./dates.ts";
import { HeatCell, HeatMap, margin } from "./heat-map.tsx";
import { shadesOf } from "./shades.ts";

/** Only a leap year that begins on a Sunday has days in a 54th week. */
const visibleWeeks = 53.5;

/**
 * A year as a grid of weeks: the higher a day's value, the darker its cell.
 * @param props.open called with the clicked day; keyboard users have buttons in the table below
 */
export function Calendar(props: {
  label: string;
  year: number;
  /** Values by day; missing days count as 0. */
  values: Map<string, number>;
  chosen?: string;
  open?: (day: string) => void;
}) {
  const valueOf = (iso: string) => props.values.get(iso) ?? 0;
  const shade = createMemo(() => shadesOf([...props.values.values()]));
  const columnOf = (time_ms: number) => {
    const first_ms = midnight_ms(props.year);
    return Math.floor(((time_ms - first_ms) / day_ms + weekdayOf(first_ms)) / 7);
  };
  const readout = (pointed: string | undefined) => {
    const iso = pointed ?? props.chosen ?? "";
    return iso === "" ? "" : `${day(iso)}: ${number(valueOf(iso))}`;
  };
  /** A month is named above its first whole week. */
  const months = createMemo(() =>
    Array.from({ length: 12 }, (_, at) => {
      const time_ms = midnight_ms(props.year, at + 1);
      return { column: columnOf(time_ms) + (weekdayOf(time_ms) > 0 ? 1 : 0), time_ms };
    }),
  );
  return (
    <HeatMap
      label={props.label}
      columns={54}
      rows={7}
      narrowest={9}
      widest={32}
      visibleColumns={visibleWeeks}
      readout={readout}
      open={props.open}
    >
      {(step) => (
        <>
          <For each={months()}>
            {({ column, time_ms }) => (
              <text x={margin.left + column * step()[0]} y={12}>
                {month(time_ms)}
              </text>
            )}
          </For>
          <For each={[0, 2, 4]}>
            {(weekday) => (
              <text x={0} y={margin.top + weekday * step()[1] + step()[1] * 0.75}>
                {shortWeekday(weekday)}
              </text>
            )}
          </For>
          <For each={midnightsOf(props.year)}>
            {(time_ms) => (
              <HeatCell
                key={isoDay(time_ms)}
                column={columnOf(time_ms)}
                row={weekdayOf(time_ms)}
                step={step()}
                shade={shade()(valueOf(isoDay(time_ms)))}
                isChosen={props.chosen === isoDay(time_ms)}
              />
            )}
          </For>
        </>
      )}
    </HeatMap>
  );
}
