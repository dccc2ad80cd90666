import { For } from "solid-js";
import { number } from "../i18n/index.ts";
import { Axes } from "./axes.tsx";

export interface Line {
  name: string;
  /** One value for each name on the x axis. */
  values: number[];
}

/** The color of a line, also used beside its name elsewhere on the page. */
export const lineColor = (index: number) => `var(--line-${index + 1})`;

/** Several series in one chart. */
export const Lines = (props: { label: string; names: string[]; lines: Line[] }) => (
  <Axes label={props.label} names={props.names} values={props.lines.flatMap(({ values }) => values)}>
    {({ center, y }) => (
      <For each={props.lines}>
        {(line, index) => (
          <g>
            <polyline
              points={line.values.map((value, at) => `${center(props.names[at] ?? "")},${y()(value)}`).join(" ")}
              style={{ stroke: lineColor(index()), fill: "none", "stroke-width": "2.5px" }}
              stroke-linejoin="round"
            >
              <title>{line.name}</title>
            </polyline>
            <For each={line.values}>
              {(value, at) => (
                <circle cx={center(props.names[at()] ?? "")} cy={y()(value)} r={4} style={{ fill: lineColor(index()) }}>
                  <title>{`${line.name}, ${props.names[at()]}: ${number(value)}`}</title>
                </circle>
              )}
            </For>
          </g>
        )}
      </For>
    )}
  </Axes>
);
