import { For } from "solid-js";
import { number } from "../i18n/index.ts";
import { Axes, plotBottom, plotTop } from "./axes.tsx";

/** A bar chart that shows each value above its bar. */
export const Bars = (props: { label: string; values: { name: string; value: number }[] }) => (
  <Axes
    label={props.label}
    names={props.values.map(({ name }) => name)}
    values={props.values.map(({ value }) => value)}
  >
    {({ x, center, y }) => (
      <For each={props.values}>
        {({ name, value }) => (
          <g class="hit">
            <rect x={x()(name) ?? 0} y={plotTop} width={x().step()} height={plotBottom - plotTop} fill="transparent" />
            <rect
              class="bar"
              x={x()(name) ?? 0}
              y={y()(value)}
              width={x().bandwidth()}
              height={Math.max(0, plotBottom - y()(value))}
              rx={Math.min(3, x().bandwidth() / 4)}
            />
            <text class="value" x={center(name)} y={y()(value) - 6} text-anchor="middle">
              {number(value)}
            </text>
          </g>
        )}
      </For>
    )}
  </Axes>
);
