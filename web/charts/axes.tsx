import { type ScaleBand, scaleBand, type ScaleLinear, scaleLinear } from "d3-scale";
import { createMemo, For, type JSX, Show } from "solid-js";
import { number } from "../i18n/index.ts";
import { useWidth } from "./width.ts";

const height = 280;
const margin = { top: 22, right: 4, bottom: 24, left: 56 };
/** Minimum distance between labels on the x axis, in pixels. */
const labelWidth = 44;

/** The range of the y axis, in pixels from the top. */
export const plotTop = margin.top;
export const plotBottom = height - margin.bottom;

/** Positions in a chart: `x` is the left edge of a name's band, `center` its middle, `y` the position of a value. */
export interface Positions {
  x: () => ScaleBand<string>;
  center: (name: string) => number;
  y: () => ScaleLinear<number, number>;
}

/**
 * Names on the x axis, values on the y axis. The table below the chart is its accessible version.
 * @param props.values all values: the y axis reaches the largest
 * @param props.children draws the values
 */
export function Axes(props: {
  label: string;
  names: string[];
  values: number[];
  children: (positions: Positions) => JSX.Element;
}) {
  const [width, measure] = useWidth();
  const x = createMemo(() =>
    scaleBand(props.names, [margin.left, width() - margin.right])
      .paddingInner(0.25)
      .paddingOuter(0.1),
  );
  const y = createMemo(() => scaleLinear([0, Math.max(1, ...props.values)], [plotBottom, plotTop]).nice(4));
  const center = (name: string) => (x()(name) ?? 0) + x().bandwidth() / 2;
  const labelStep = () => Math.max(1, Math.ceil(labelWidth / Math.max(1, x().step())));
  return (
    <div ref={measure}>
      <Show when={width()}>
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
              <text x={center(name)} y={height - 6} text-anchor="middle">
                {at() % labelStep() === 0 ? name : ""}
              </text>
            )}
          </For>
          {props.children({ x, center, y })}
        </svg>
      </Show>
    </div>
  );
}
