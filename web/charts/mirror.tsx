import { createMemo, For, Index, Show } from "solid-js";
import { number } from "../i18n/index.ts";
import type { Content, Mark } from "./content.ts";
import { Plot } from "./plot.tsx";
import { scaleTo } from "./scale.ts";
import { seriesColor } from "./series-marker.tsx";
import { useMarks } from "./use-marks.ts";
import { useWidth } from "./width.ts";

const height = 330;
const margin = { top: 12, right: 4, left: 56 };
/** The names of the marks stand between the two halves. */
const band = 24;
const half = (height - 2 * margin.top - band) / 2;
/** Where the bars of each series begin: those of the first rise, those of the second hang. */
const bases = [margin.top + half, margin.top + half + band] as const;
/** The part of its column that a bar takes. */
const barShare = 0.76;
/** The width of a character of a label, and the space between two labels, in pixels. */
const characterWidth = 8;
const labelSpace = 12;

/** Path data of a rectangle; a negative height goes upward. */
const rectangle = (x: number, y: number, width: number, height_px: number) =>
  `M${x.toFixed(1)} ${y}h${width.toFixed(1)}v${height_px.toFixed(1)}h-${width.toFixed(1)}z`;

/**
 * Two series of bars as a mirrored picture, in one scale: the first upward, the second downward. Unfinished bars are
 * pale.
 */
export function Mirror(props: { content: Content }) {
  const [width, measure] = useWidth();
  const marks = () => props.content.marks;
  const scale = createMemo(() =>
    scaleTo(
      marks().flatMap(({ values }) => values),
      3,
    ),
  );
  const step = () => (width() - margin.left - margin.right) / Math.max(1, marks().length);
  const center = (at: number) => margin.left + (at + 0.5) * step();
  const valueOf = (at: number, series: number) => marks()[at]?.values[series] ?? 0;
  const length = (value: number) => half * scale().shareOf(value);
  /** A bar as path data; nothing for no value. */
  const bar = (at: number, series: 0 | 1) => {
    const across = step() * barShare;
    const size = length(valueOf(at, series)) * (series === 0 ? -1 : 1);
    return size === 0 ? "" : rectangle(center(at) - across / 2, bases[series], across, size);
  };
  /** All finished, or all unfinished bars. */
  const bars = (series: 0 | 1, isUnfinished: boolean) =>
    marks()
      .map((mark, at) => ((mark.isUnfinished ?? false) === isUnfinished ? bar(at, series) : ""))
      .join("");
  let drawing: SVGSVGElement | undefined;
  const pointing = useMarks({
    count: () => marks().length,
    seriesCount: () => 2,
    steps: { ArrowLeft: -1, ArrowRight: 1 },
    seriesAt: (_, event) => {
      const top = event.clientY - (drawing?.getBoundingClientRect().top ?? 0);
      return top < height / 2 ? 0 : 1;
    },
  });
  return (
    <Plot
      class="plot mirror"
      content={props.content}
      pointing={pointing}
      measure={measure}
      width={width()}
      height={height}
      boxOf={(at) => ({ x: margin.left + at * step(), y: 0, width: step(), height })}
      drawing={(element) => (drawing = element)}
    >
      <g aria-hidden="true">
        <For each={[0, 1] as const}>
          {(series) => (
            <>
              <Ticks
                ticks={scale().ticks}
                width={width()}
                y={(tick) => bases[series] + (series === 0 ? -1 : 1) * length(tick)}
              />
              <path class="mirror-bars" d={bars(series, false)} style={{ fill: seriesColor(series) }}>
                <title>{props.content.series[series]}</title>
              </path>
              <path class="mirror-bars unfinished" d={bars(series, true)} style={{ fill: seriesColor(series) }} />
            </>
          )}
        </For>
        <Names marks={marks()} step={step()} center={center} />
        <Show when={pointing.pointed()}>
          {(pointed) => (
            <>
              <rect
                class="crosshair"
                x={margin.left + pointed().at * step()}
                y={margin.top}
                width={step()}
                height={height - 2 * margin.top}
              />
              <path class="mirror-pointed" d={bar(pointed().at, pointed().series === 0 ? 0 : 1)} />
            </>
          )}
        </Show>
      </g>
    </Plot>
  );
}

/** Rules and numbers of one half. */
const Ticks = (props: { ticks: readonly number[]; width: number; y: (tick: number) => number }) => (
  <For each={props.ticks}>
    {(tick) => (
      <g>
        <line class="rule" x1={margin.left} x2={props.width} y1={props.y(tick)} y2={props.y(tick)} />
        <text x={margin.left - 8} y={props.y(tick) + 4} text-anchor="end">
          {number(tick)}
        </text>
      </g>
    )}
  </For>
);

/** The names of the marks, as many as there is room for. */
function Names(props: { marks: readonly Mark[]; step: number; center: (at: number) => number }) {
  const labelStep = () => {
    const longest = Math.max(0, ...props.marks.map(({ name }) => name.length));
    return Math.max(1, Math.ceil((longest * characterWidth + labelSpace) / Math.max(1, props.step)));
  };
  return (
    <Index each={props.marks}>
      {(mark, at) => (
        <text x={props.center(at)} y={height / 2 + 4} text-anchor="middle">
          {at % labelStep() === 0 ? mark().name : ""}
        </text>
      )}
    </Index>
  );
}
