import { createMemo, createSignal, For, type JSX, Show } from "solid-js";
import { day, month, number, t } from "../i18n/index.ts";
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

/** Shades 0 to 4 by rank among the values, so that one extreme does not pale the others. */
export function levels(values: number[]): (value: number) => number {
  const sorted = values.filter((value) => value > 0).toSorted((a, b) => a - b);
  const limits = [0.25, 0.5, 0.75].map((part) => sorted[Math.floor(part * (sorted.length - 1))] ?? 0);
  return (value) => (value <= 0 ? 0 : 1 + limits.filter((limit) => value > limit).length);
}

/**
 * A year as a grid of weeks, each day the darker the higher its value.
 * @param props.open called with a day that was clicked; the table beneath or a field offers the same to the keyboard
 */
export function Calendar(props: {
  label: string;
  year: number;
  values: Map<string, number>;
  chosen?: string;
  open?: (day: string) => void;
}) {
  const [width, measure] = useWidth();
  const [pointed, setPointed] = createSignal<string>();
  const dayUnder = (event: Event) => (event.target as Element).getAttribute("data-day") ?? undefined;
  const shown = () => pointed() ?? props.chosen;
  const first_ms = () => firstDay_ms(props.year);
  const days = createMemo(() => {
    const next_ms = firstDay_ms(props.year + 1);
    return Array.from({ length: Math.round((next_ms - first_ms()) / day_ms) }, (_, at) => first_ms() + at * day_ms);
  });
  const columnOf = (time_ms: number) => Math.floor(((time_ms - first_ms()) / day_ms + weekdayOf(first_ms())) / 7);
  const step = () => Math.max(9, Math.min(32, (width() - margin.left) / 53.5));
  const height = () => margin.top + 7 * step();
  const level = createMemo(() => levels([...props.values.values()]));
  const months = () =>
    Array.from({ length: 12 }, (_, at) => {
      const time_ms = Date.parse(`${isoDay(first_ms()).slice(0, 4)}-${String(at + 1).padStart(2, "0")}-01`);
      return {
        x: margin.left + (columnOf(time_ms) + (weekdayOf(time_ms) > 0 ? 1 : 0)) * step(),
        name: month(time_ms),
      };
    });
  return (
    <div>
      <div class="scroll" ref={measure} tabindex="0" role="region" aria-label={props.label}>
        <Show when={width()}>
          {" "}
          <svg
            class="chart"
            viewBox={`0 0 ${margin.left + 54 * step()} ${height()}`}
            style={{ "min-width": `${margin.left + 54 * 9}px`, "max-width": `${margin.left + 54 * 32}px` }}
            role="img"
            aria-label={props.label}
            classList={{ opens: props.open !== undefined }}
            onPointerOver={(event) => setPointed(dayUnder(event))}
            onPointerLeave={() => setPointed(undefined)}
            onClick={(event) => {
              const under = dayUnder(event);
              if (under !== undefined) props.open?.(under);
            }}
          >
            <For each={months()}>
              {({ x, name }) => (
                <text x={x} y={12}>
                  {name}
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
                const iso = isoDay(time_ms);
                const value = () => props.values.get(iso) ?? 0;
                return (
                  <rect
                    class="cell"
                    classList={{ chosen: props.chosen === iso }}
                    data-day={iso}
                    x={margin.left + columnOf(time_ms) * step()}
                    y={margin.top + weekdayOf(time_ms) * step()}
                    width={step() - 2}
                    height={step() - 2}
                    rx={2.5}
                    style={{ fill: `var(--heat-${level()(value())})` }}
                  />
                );
              }}
            </For>
          </svg>
        </Show>{" "}
      </div>
      <Legend>{shown() && `${day(shown() ?? "")}: ${number(props.values.get(shown() ?? "") ?? 0)}`}</Legend>
    </div>
  );
}

/** What the shades mean, and what is pointed at. */
export const Legend = (props: { children: JSX.Element }) => (
  <p class="legend" aria-hidden="true">
    <span>
      {t().days.less}
      <For each={[0, 1, 2, 3, 4]}>{(shade) => <i style={{ background: `var(--heat-${shade})` }} />}</For>
      {t().days.much}
    </span>
    <span>{props.children}</span>
  </p>
);

/** Days of `daily-stats`' weeks, in order: "Sonntag" of week 3 → "2012-01-22". Week 0 lies before the first Monday. */
export function daysOf(
  year: number,
  series: { name: number; series: { name: string; value: number }[] }[],
): Map<string, number> {
  const names = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
  const newYear_ms = firstDay_ms(year);
  const firstMonday_ms = newYear_ms + ((7 - weekdayOf(newYear_ms)) % 7) * day_ms;
  const days: [string, number][] = [];
  for (const week of series) {
    for (const { name, value } of week.series) {
      days.push([isoDay(firstMonday_ms + ((week.name - 1) * 7 + names.indexOf(name)) * day_ms), value]);
    }
  }
  return new Map(days.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
