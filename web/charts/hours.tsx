import { createMemo } from "solid-js";
import { month, number, shortWeekday, t, texts, weekday } from "../i18n/index.ts";
import { HeatMap } from "./heat-map.tsx";
import { hoursLayout } from "./hours-layout.ts";
import { isTouch } from "./touch.ts";

const text = texts({
  de: { hour: (hour: number) => `${hour} bis ${hour + 1} Uhr` },
  en: { hour: (hour) => `${hour}:00 to ${hour + 1}:00` },
});

/** The value of an hour of a weekday. Weekday "1" is Monday. */
export interface HourValue {
  weekday: string;
  hour: number;
  value: number;
}

/** The week as a grid of hours: the more posts in an hour, the darker its cell. */
export function Hours(props: { label: string; values: HourValue[] }) {
  /** Values by key: "0 13" is Monday, from 13 to 14. */
  const values = createMemo(
    () => new Map(props.values.map((value) => [`${Number(value.weekday) - 1} ${value.hour}`, value.value])),
  );
  const name = (key: string) => {
    const [at = 0, hour = 0] = key.split(" ").map(Number);
    return `${weekday(at)}, ${text().hour(hour)}`;
  };
  return (
    <HeatMap
      label={props.label}
      layout={(width) => hoursLayout(width, isTouch(), { month, weekday: shortWeekday })}
      values={values()}
      name={name}
      value={(count) => `${number(count)} ${t().units.posts(count)}`}
    />
  );
}
