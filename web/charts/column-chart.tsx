import { createMemo, createUniqueId, For, Index, type JSX, Show } from "solid-js";
import { number } from "../i18n/index.ts";
import type { Content, Mark } from "./content.ts";
import { Plot } from "./plot.tsx";
import { scaleTo } from "./scale.ts";
import { useMarks } from "./use-marks.ts";
import { useWidth } from "./width.ts";

const height = 280;
const margin = { top: 22, right: 4, bottom: 24, left: 56 };
const plotHeight = height - margin.top - margin.bottom;
const plotBottom = height - margin.bottom;
/** The width of a character of a label, and the space between two labels, in pixels. */
const characterWidth = 8;
const labelSpace = 12;

/** Where the series of a mark end, as values: stacked ones are on top of each other. */
export const topsOf = ({ values }: Mark, isStacked = false): number[] =>
  isStacked ? values.map((_, series) => values.slice(0, series + 1).reduce((sum, value) => sum + value, 0)) : values;

/** The series that is nearest to a position or, if they are stacked, the one that is there; both from the top. */
function seriesNear(tops: readonly number[], position: number, isStacked = false): number {
  if (isStacked)
    return Math.max(
      0,
      tops.findIndex((top) => top <= position),
    );
  const distances = tops.map((top) => (Number.isNaN(top) ? Infinity : Math.abs(top - position)));
  return Math.max(0, distances.indexOf(Math.min(...distances)));
}

/** Positions in the drawing, in pixels. */
export interface Positions {
  /** The width of a mark's column. */
  step: () => number;
  /** The middle of a mark's column. */
  center: (at: number) => number;
  /** The position of a value. */
  y: (value: number) => number;
  bottom: number;
  /** The series that is nearest to the pointer, and its mark. */
  pointed: () => { at: number; series: number } | undefined;
  /** The fill of an unfinished bar. */
  hatch: string;
}

/**
 * The frame of a chart with marks side by side and values upward: axes, crosshair, readout, links.
 * @param props.children draws the values
 */
export function ColumnChart(props: { content: Content; children: (positions: Positions) => JSX.Element }) {
  const id = createUniqueId();
  const [width, measure] = useWidth();
  const marks = () => props.content.marks;
  const scale = createMemo(() =>
    (props.content.scaleOf ?? scaleTo)(
      marks()
        .flatMap((mark) => topsOf(mark, props.content.isStacked))
        .filter((value) => !Number.isNaN(value)),
      4,
    ),
  );
  const step = () => (width() - margin.left - margin.right) / Math.max(1, marks().length);
  const center = (at: number) => margin.left + (at + 0.5) * step();
  const y = (value: number) => plotBottom - plotHeight * scale().shareOf(value);
  let drawing: SVGSVGElement | undefined;
  const pointing = useMarks({
    count: () => marks().length,
    seriesCount: () => props.content.series.length,
    initial: () => marks().findIndex(({ isChosen }) => isChosen),
    steps: { ArrowLeft: -1, ArrowRight: 1 },
    seriesAt: (at, event) => {
      const top = event.clientY - (drawing?.getBoundingClientRect().top ?? 0);
      const mark = marks()[at];
      const { isStacked } = props.content;
      return mark ? seriesNear(topsOf(mark, isStacked).map(y), top, isStacked) : 0;
    },
  });
  return (
    <Plot
      class="plot"
      content={props.content}
      pointing={pointing}
      measure={measure}
      width={width()}
      height={height}
      boxOf={(at) => ({ x: margin.left + at * step(), y: 0, width: step(), height })}
      drawing={(element) => (drawing = element)}
    >
      <Hatch id={`${id}-hatch`} />
      <g aria-hidden="true">
        <Axes content={props.content} ticks={scale().ticks} width={width()} step={step()} y={y} center={center} />
        <Show when={pointing.pointed()}>
          {(pointed) => (
            <rect
              class="crosshair"
              x={margin.left + pointed().at * step()}
              y={margin.top}
              width={step()}
              height={plotHeight}
            />
          )}
        </Show>
        {props.children({
          step,
          center,
          y,
          bottom: plotBottom,
          pointed: pointing.pointed,
          hatch: `url("#${id}-hatch")`,
        })}
      </g>
    </Plot>
  );
}

/** Rules and numbers of the y axis, names of the x axis. */
function Axes(props: {
  content: Content;
  ticks: number[];
  width: number;
  step: number;
  y: (value: number) => number;
  center: (at: number) => number;
}) {
  const labelWidth = () =>
    Math.max(0, ...props.content.marks.map(({ name }) => name.length)) * characterWidth + labelSpace;
  const labelStep = () => Math.max(1, Math.ceil(labelWidth() / Math.max(1, props.step)));
  return (
    <>
      <For each={props.ticks}>
        {(tick) => (
          <g>
            <line class="rule" x1={margin.left} x2={props.width} y1={props.y(tick)} y2={props.y(tick)} />
            <text x={margin.left - 8} y={props.y(tick) + 4} text-anchor="end">
              {(props.content.tickText ?? number)(tick)}
            </text>
          </g>
        )}
      </For>
      <Index each={props.content.marks}>
        {(mark, at) => (
          <text
            classList={{ chosen: mark().isChosen ?? false }}
            x={props.center(at)}
            y={height - 6}
            text-anchor="middle"
          >
            {at % labelStep() === 0 ? mark().name : ""}
          </text>
        )}
      </Index>
    </>
  );
}

/** The pattern of unfinished bars. */
const Hatch = (props: { id: string }) => (
  <defs>
    <pattern id={props.id} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect class="hatch-ground" width="7" height="7" />
      <rect class="hatch-line" width="3.5" height="7" />
    </pattern>
  </defs>
);
