import { scaleLinear, scalePoint } from "d3-scale";
import { createMemo, For } from "solid-js";
import { number } from "../i18n/index.ts";
import { useWidth } from "./width.ts";

const height = 300;
const margin = { top: 14, right: 18, bottom: 24, left: 56 };
const labelWidth = 44;

export interface Line {
  name: string;
  /** A value per name on the x axis. */
  values: number[];
}

/** The colour of a line, for its name elsewhere on the page. */
export const lineColour = (index: number) => `var(--line-${index + 1})`;

/** Several developments in one picture. The table beneath tells the same to those who do not see it. */
export function Lines(props: { label: string; names: string[]; lines: Line[] }) {
  const [width, measure] = useWidth();
  const x = createMemo(() => scalePoint(props.names, [margin.left + 8, width() - margin.right]).padding(0.1));
  const y = createMemo(() =>
    scaleLinear(
      [0, Math.max(1, ...props.lines.flatMap(({ values }) => values))],
      [height - margin.bottom, margin.top],
    ).nice(4),
  );
  const every = () => Math.max(1, Math.ceil(labelWidth / Math.max(1, x().step())));
  const points = (line: Line) => line.values.map((value, at) => `${x()(props.names[at] ?? "") ?? 0},${y()(value)}`);
  return (
    <div ref={measure}>
      <svg
        class="chart"
        viewBox={`0 0 ${width()} ${height}`}
        width={width()}
        height={height}
        role="img"
        aria-label={props.label}
      >
        <For each={y().ticks(4)}>
          {(tick) => (
            <g>
              <line class="rule" x1={margin.left} x2={width()} y1={y()(tick)} y2={y()(tick)} />
              <text x={margin.left - 8} y={y()(tick) + 4} text-anchor="end">
                {number(tick)}
              </text>
            </g>
          )}
        </For>
        <For each={props.names}>
          {(name, at) => (
            <text x={x()(name)} y={height - 6} text-anchor="middle">
              {at() % every() === 0 ? name : ""}
            </text>
          )}
        </For>
        <For each={props.lines}>
          {(line, index) => (
            <g>
              <polyline
                points={points(line).join(" ")}
                style={{ stroke: lineColour(index()), fill: "none", "stroke-width": "2.5px" }}
                stroke-linejoin="round"
              >
                <title>{line.name}</title>
              </polyline>
              <For each={line.values}>
                {(value, at) => (
                  <circle cx={x()(props.names[at()] ?? "")} cy={y()(value)} r={4} style={{ fill: lineColour(index()) }}>
                    <title>{`${line.name}, ${props.names[at()]}: ${number(value)}`}</title>
                  </circle>
                )}
              </For>
            </g>
          )}
        </For>
      </svg>
    </div>
  );
}
