import { Index, Show } from "solid-js";
import { ColumnChart, type Positions, topsOf } from "./column-chart.tsx";
import type { Content } from "./content.ts";
import { seriesColor } from "./series-marker.tsx";

/** A time span between two marks, as fractions of their indexes, that a label explains. */
export interface Gap {
  from: number;
  to: number;
  label: string;
}

/** How far the stream reaches beyond the middle of its first and last column, in pixels. */
const maxEnd = 32;
/** A stretch of a drawing wide enough for its label, in pixels. */
const leastGap = 90;

/**
 * Stacked areas, one for each series, with soft edges.
 * @param props.content is stacked
 */
export const Stream = (props: { content: Content; gap?: Gap | undefined }) => (
  <ColumnChart content={props.content}>
    {(positions) => {
      const tops = () => props.content.marks.map((mark) => [0, ...topsOf(mark, true)]);
      const edge = (series: number) => tops().map((heights) => positions.y(heights[series] ?? 0));
      return (
        <>
          <Show when={props.gap}>{(gap) => <Silence gap={gap()} positions={positions} />}</Show>
          <Index each={props.content.series}>
            {(name, series) => (
              <path
                class="band"
                classList={{ nearest: positions.pointed()?.series === series }}
                d={`M${line(edge(series + 1), positions)}L${line(edge(series), positions, true)}Z`}
                style={{ fill: seriesColor(series) }}
              >
                <title>{name()}</title>
              </path>
            )}
          </Index>
          <Show when={positions.pointed()}>
            {(at) => (
              <line
                class="crosshair-line"
                x1={positions.center(at().at)}
                x2={positions.center(at().at)}
                y1={22}
                y2={positions.bottom}
              />
            )}
          </Show>
        </>
      );
    }}
  </ColumnChart>
);

/**
 * A curve through heights at the middle of each column, flat at both ends; between two of them it is monotone, so that
 * curves never cross.
 */
function line(heights: readonly number[], { center, step }: Positions, isBackwards = false): string {
  const points = heights.map((y, at) => ({ x: center(at), y }));
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return "";
  const half = Math.min(step() / 2, maxEnd);
  const all = [{ x: first.x - half, y: first.y }, ...points, { x: last.x + half, y: last.y }];
  if (isBackwards) all.reverse();
  return all
    .map(({ x, y }, at) => {
      const before = all[at - 1];
      if (!before) return `${x.toFixed(1)} ${y.toFixed(1)}`;
      const middle = ((before.x + x) / 2).toFixed(1);
      return `C${middle} ${before.y.toFixed(1)} ${middle} ${y.toFixed(1)} ${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join("");
}

/** The time in which nobody wrote, if it is wide enough for its label. */
function Silence(props: { gap: Gap; positions: Positions }) {
  const x = (at: number) => props.positions.center(at);
  const width = () => x(props.gap.to) - x(props.gap.from);
  return (
    <Show when={width() >= leastGap}>
      <g class="silence">
        <line
          x1={x(props.gap.from)}
          x2={x(props.gap.to)}
          y1={props.positions.bottom - 14}
          y2={props.positions.bottom - 14}
        />
        <text x={x(props.gap.from) + width() / 2} y={props.positions.bottom - 22} text-anchor="middle">
          {props.gap.label}
        </text>
      </g>
    </Show>
  );
}
