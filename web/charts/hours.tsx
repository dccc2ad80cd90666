import { createMemo, For } from "solid-js";
import { number, shortWeekday, texts, weekday } from "../i18n/index.ts";
import { HeatCell, HeatMap, margin } from "./heat-map.tsx";
import { shadesOf } from "./shades.ts";

const text = texts({
  de: { hour: (hour: number) => `${hour} bis ${hour + 1} Uhr` },
  en: { hour: (hour) => `${hour}:00 to ${hour + 1}:00` },
});

const weekdays = [0, 1, 2, 3, 4, 5, 6];
const hours = Array.from({ length: 24 }, (_, hour) => hour);

/** The value of an hour of a weekday. Weekday "1" is Monday. */
export interface HourValue {
  weekday: string;
  hour: number;
  value: number;
}

/** The week as a grid of hours: the higher an hour's value, the darker its cell. */
export function Hours(props: { label: string; values: HourValue[] }) {
  /** Values by key: "0 13" is Monday, from 13 to 14. */
  const values = createMemo(
    () => new Map(props.values.map((value) => [`${Number(value.weekday) - 1} ${value.hour}`, value.value])),
  );
  const valueOf = (key: string) => values().get(key) ?? 0;
  const shade = createMemo(() => shadesOf([...values().values()]));
  const readout = (key: string | undefined) => {
    if (key === undefined) return "";
    const [at = 0, hour = 0] = key.split(" ").map(Number);
    return `${weekday(at)}, ${text().hour(hour)}: ${number(valueOf(key))}`;
  };
  return (
    <HeatMap label={props.label} columns={24} rows={7} narrowest={11} widest={46} tallest={26} readout={readout}>
      {(step) => (
        <>
          <For each={hours.filter((hour) => hour % 3 === 0)}>
            {(hour) => (
              <text x={margin.left + hour * step()[0]} y={12}>
                {hour}
              </text>
            )}
          </For>
          <For each={weekdays}>
            {(at) => (
              <>
                <text x={0} y={margin.top + at * step()[1] + step()[1] / 2 + 3}>
                  {shortWeekday(at)}
                </text>
                <For each={hours}>
                  {(hour) => (
                    <HeatCell
                      key={`${at} ${hour}`}
                      column={hour}
                      row={at}
                      step={step()}
                      shade={shade()(valueOf(`${at} ${hour}`))}
                    />
                  )}
                </For>
              </>
            )}
          </For>
        </>
      )}
    </HeatMap>
  );
}
