import { scaleBand, scaleLinear } from "d3-scale";
import { createMemo, For } from "solid-js";
import { number } from "../i18n/index.ts";
import { useWidth } from "./width.ts";

const height = 260;
const margin = { top: 22, right: 4, bottom: 24, left: 56 };
/** Pixels that a label on the x axis needs. */
const labelWidth = 44;

/** A bar per value. The table beneath tells the same to those who do not see it. */
export function Bars(props: { label: string; values: { name: string; value: number }[] }) {
  const [width, measure] = useWidth();
  const x = createMemo(() =>
    scaleBand(
      props.values.map(({ name }) => name),
      [margin.left, width() - margin.right],
    )
      .paddingInner(0.25)
      .paddingOuter(0.1),
  );
  const y = createMemo(() =>
    scaleLinear([0, Math.max(1, ...props.values.map(({ value }) => value))], [height - margin.bottom, margin.top]).nice(
      4,
    ),
  );
  const every = () => Math.max(1, Math.ceil(labelWidth / Math.max(1, x().step())));
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
        <For each={props.values}>
          {({ name, value }, index) => (
            <g class="hit">
              <rect
                x={x()(name) ?? 0}
                y={margin.top}
                width={x().step()}
                height={height - margin.top - margin.bottom}
                fill="transparent"
              />
              <rect
                class="bar"
                x={x()(name) ?? 0}
                y={y()(value)}
                width={x().bandwidth()}
                height={Math.max(0, height - margin.bottom - y()(value))}
                rx={Math.min(3, x().bandwidth() / 4)}
              />
              <text class="value" x={(x()(name) ?? 0) + x().bandwidth() / 2} y={y()(value) - 6} text-anchor="middle">
                {number(value)}
              </text>
              <text x={(x()(name) ?? 0) + x().bandwidth() / 2} y={height - 6} text-anchor="middle">
                {index() % every() === 0 ? name : ""}
              </text>
            </g>
          )}
        </For>
      </svg>
    </div>
  );
}
