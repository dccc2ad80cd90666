import { createMemo, createSignal, For, Show } from "solid-js";
import { number, t } from "../i18n/index.ts";
import { Legend, levels } from "./calendar.tsx";
import { useWidth } from "./width.ts";

const margin = { top: 20, left: 30 };
const weekdays = [0, 1, 2, 3, 4, 5, 6];
const hours = Array.from({ length: 24 }, (_, hour) => hour);

/** A value of an hour of a weekday: "1" is Monday. */
export interface HourValue {
  weekday: string;
  hour: number;
  value: number;
}

/** The week as a grid of hours, each the darker the higher its value. */
export function Hours(props: { label: string; values: HourValue[] }) {
  const [width, measure] = useWidth();
  const [pointed, setPointed] = createSignal<string>();
  const step = () => Math.max(11, Math.min(46, (width() - margin.left) / 24));
  const high = () => Math.min(26, step());
  const values = createMemo(
    () => new Map(props.values.map(({ weekday, hour, value }) => [`${Number(weekday) - 1} ${hour}`, value])),
  );
  const level = createMemo(() => levels([...values().values()]));
  const told = (key: string) => {
    const [weekday = 0, hour = 0] = key.split(" ").map(Number);
    return `${t().weekdays[weekday]}, ${t().hours(hour)}: ${number(values().get(key) ?? 0)}`;
  };
  return (
    <div>
      <div class="scroll" ref={measure} tabindex="0" role="region" aria-label={props.label}>
        <Show when={width()}>
          {" "}
          <svg
            class="chart"
            viewBox={`0 0 ${margin.left + 24 * step()} ${margin.top + 7 * high()}`}
            style={{ "min-width": `${margin.left + 24 * 11}px`, "max-width": `${margin.left + 24 * 46}px` }}
            role="img"
            aria-label={props.label}
            onPointerOver={(event) => setPointed((event.target as Element).getAttribute("data-hour") ?? undefined)}
            onPointerLeave={() => setPointed(undefined)}
          >
            <For each={hours.filter((hour) => hour % 3 === 0)}>
              {(hour) => (
                <text x={margin.left + hour * step()} y={12}>
                  {hour}
                </text>
              )}
            </For>
            <For each={weekdays}>
              {(weekday) => (
                <>
                  <text x={0} y={margin.top + weekday * high() + high() / 2 + 3}>
                    {t().weekdays[weekday]?.slice(0, 2)}
                  </text>
                  <For each={hours}>
                    {(hour) => (
                      <rect
                        class="cell"
                        data-hour={`${weekday} ${hour}`}
                        x={margin.left + hour * step()}
                        y={margin.top + weekday * high()}
                        width={step() - 2}
                        height={high() - 2}
                        rx={2.5}
                        style={{ fill: `var(--heat-${level()(values().get(`${weekday} ${hour}`) ?? 0)})` }}
                      />
                    )}
                  </For>
                </>
              )}
            </For>
          </svg>
        </Show>{" "}
      </div>
      <Legend>{pointed() && told(pointed() ?? "")}</Legend>
    </div>
  );
}
