import { createMemo, For } from "solid-js";
import { day, language, number, t } from "../i18n/index.ts";
import { useWidth } from "./width.ts";

const day_ms = 86_400_000;
const margin = { top: 20, left: 30 };

/** Monday 0 … Sunday 6. */
const weekdayOf = (time_ms: number) => (new Date(time_ms).getUTCDay() + 6) % 7;
const isoDay = (time_ms: number) => new Date(time_ms).toISOString().slice(0, 10);

/** Days of the year 1 to 9999; Date.UTC would take 99 for 1999. */
function firstDay_ms(year: number): number {
  return Date.parse(`${String(year).padStart(4, "0")}-01-01`);
}

/** A year as a grid of weeks, each day the darker the higher its value. */
export function Calendar(props: { label: string; year: number; values: Map<string, number> }) {
  const [width, measure] = useWidth(800);
  const first_ms = () => firstDay_ms(props.year);
  const days = createMemo(() => {
    const next_ms = firstDay_ms(props.year + 1);
    return Array.from({ length: Math.round((next_ms - first_ms()) / day_ms) }, (_, at) => first_ms() + at * day_ms);
  });
  const columnOf = (time_ms: number) => Math.floor(((time_ms - first_ms()) / day_ms + weekdayOf(first_ms())) / 7);
  const step = () => Math.max(9, Math.min(22, (width() - margin.left) / 53.5));
  const height = () => margin.top + 7 * step();
  /** Levels by rank among the days with values, so one extreme day does not pale the others. */
  const limits = createMemo(() => {
    const sorted = [...props.values.values()].filter((value) => value > 0).toSorted((a, b) => a - b);
    return [0.25, 0.5, 0.75].map((part) => sorted[Math.floor(part * (sorted.length - 1))] ?? 0);
  });
  const level = (value: number) => (value <= 0 ? 0 : 1 + limits().filter((limit) => value > limit).length);
  const months = () =>
    Array.from({ length: 12 }, (_, month) => {
      const time_ms = Date.parse(`${isoDay(first_ms()).slice(0, 4)}-${String(month + 1).padStart(2, "0")}-01`);
      return {
        x: margin.left + (columnOf(time_ms) + (weekdayOf(time_ms) > 0 ? 1 : 0)) * step(),
        name: new Intl.DateTimeFormat(language(), { month: "short", timeZone: "UTC" }).format(time_ms),
      };
    });
  return (
    <div>
      <div class="scroll" ref={measure} tabindex="0" role="region" aria-label={props.label}>
        <svg
          class="chart"
          viewBox={`0 0 ${margin.left + 54 * step()} ${height()}`}
          style={{ "min-width": `${margin.left + 54 * 9}px`, "max-width": `${margin.left + 54 * 22}px` }}
          role="img"
          aria-label={props.label}
        >
          <For each={months()}>
            {(month) => (
              <text x={month.x} y={12}>
                {month.name}
              </text>
            )}
          </For>
          <For each={[0, 2, 4]}>
            {(weekday) => (
              <text x={0} y={margin.top + weekday * step() + step() * 0.75}>
                {t().weekdays[weekday]?.slice(0, 2)}
              </text>
            )}
          </For>
          <For each={days()}>
            {(time_ms) => {
              const value = () => props.values.get(isoDay(time_ms)) ?? 0;
              return (
                <rect
                  class="cell"
                  x={margin.left + columnOf(time_ms) * step()}
                  y={margin.top + weekdayOf(time_ms) * step()}
                  width={step() - 2}
                  height={step() - 2}
                  rx={2.5}
                  style={{ fill: `var(--heat-${level(value())})` }}
                >
                  <title>{`${day(isoDay(time_ms))}: ${number(value())}`}</title>
                </rect>
              );
            }}
          </For>
        </svg>
      </div>
      <p class="legend" aria-hidden="true">
        {t().days.less}
        <For each={[0, 1, 2, 3, 4]}>{(shade) => <i style={{ background: `var(--heat-${shade})` }} />}</For>
        {t().days.much}
      </p>
    </div>
  );
}

/** Days of `daily-stats`' weeks: "Sonntag" of week 3 → "2012-01-22". Week 0 lies before the first Monday. */
export function daysOf(
  year: number,
  series: { name: number; series: { name: string; value: number }[] }[],
): Map<string, number> {
  const names = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
  const newYear_ms = firstDay_ms(year);
  const firstMonday_ms = newYear_ms + ((7 - weekdayOf(newYear_ms)) % 7) * day_ms;
  const days = new Map<string, number>();
  for (const week of series) {
    for (const { name, value } of week.series) {
      days.set(isoDay(firstMonday_ms + ((week.name - 1) * 7 + names.indexOf(name)) * day_ms), value);
    }
  }
  return days;
}
