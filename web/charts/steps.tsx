import { createMemo, For, Index, Show } from "solid-js";
import { number } from "../i18n/index.ts";
import type { Content } from "./content.ts";
import { Plot } from "./plot.tsx";
import { scaleTo } from "./scale.ts";
import { spread } from "./spread.ts";
import { useMarks } from "./use-marks.ts";
import { useWidth } from "./width.ts";

const height = 132;
const margin = { top: 10, right: 8, bottom: 20, left: 52 };
const bottom = height - margin.bottom;
/** The width of a mark's area, if many are close together. */
const leastArea = 7;

/**
 * How one value rose, in steps: each mark is a moment at which it rose, and lasts until the next one.
 * @param props.times of the marks, ascending, in milliseconds
 * @param props.until where the axis ends
 */
export function Steps(props: { content: Content; times: readonly number[]; until: number }) {
  const [width, measure] = useWidth();
  const marks = () => props.content.marks;
  const value = (at: number) => marks()[at]?.values[0] ?? 0;
  const scale = createMemo(() =>
    (props.content.scaleOf ?? scaleTo)(
      marks().map(({ values }) => values[0] ?? 0),
      2,
    ),
  );
  const y = (of: number) => bottom - (bottom - margin.top) * scale().shareOf(of);
  const [plotLeft, plotRight] = [() => margin.left, () => width() - margin.right];
  const first = () => props.times[0] ?? 0;
  const x = (time: number) =>
    plotLeft() + ((plotRight() - plotLeft()) * (time - first())) / Math.max(1, props.until - first());
  const markX = (at: number) => x(props.times[at] ?? 0);
  const pointing = useMarks({
    count: () => marks().length,
    initial: () => marks().length - 1,
    steps: { ArrowLeft: -1, ArrowRight: 1 },
  });
  const starts = createMemo(() => spread(props.times.map(x), width(), leastArea));
  const start = (at: number) => starts()[at] ?? 0;
  const end = (at: number) => starts()[at + 1] ?? width();
  const path = () =>
    `M${markX(0)} ${bottom}` +
    marks()
      .map((_, at) => `H${markX(at)}V${y(value(at))}`)
      .join("") +
    `H${plotRight()}`;
  const year = (time: number) => new Date(time).getUTCFullYear();
  return (
    <Plot
      class="plot steps"
      content={props.content}
      pointing={pointing}
      measure={measure}
      width={width()}
      height={height}
      boxOf={(at) => ({ x: start(at), y: 0, width: end(at) - start(at), height })}
    >
      <g aria-hidden="true">
        <For each={scale().ticks}>
          {(tick) => (
            <g>
              <line class="rule" x1={plotLeft()} x2={plotRight()} y1={y(tick)} y2={y(tick)} />
              <text x={plotLeft() - 8} y={y(tick) + 4} text-anchor="end">
                {(props.content.tickText ?? number)(tick)}
              </text>
            </g>
          )}
        </For>
        <text x={plotLeft()} y={height - 4}>
          {year(first())}
        </text>
        <Show when={year(props.until) !== year(first())}>
          <text x={plotRight()} y={height - 4} text-anchor="end">
            {year(props.until)}
          </text>
        </Show>
        <path class="step-area" d={`${path()}V${bottom}Z`} />
        <path class="step-line" d={path()} />
        <Index each={marks()}>
          {(_, at) => (
            <circle
              class="step-point"
              classList={{ pointed: pointing.pointed()?.at === at }}
              cx={markX(at)}
              cy={y(value(at))}
              r={pointing.pointed()?.at === at ? 5 : 3}
            />
          )}
        </Index>
      </g>
    </Plot>
  );
}
