import { createMemo, For, Index, Show } from "solid-js";
import { number } from "../i18n/index.ts";
import type { Content } from "./content.ts";
import { Plot } from "./plot.tsx";
import { scaleTo } from "./scale.ts";
import { type Pointing, useMarks } from "./use-marks.ts";
import { useWidth } from "./width.ts";

/** Pixels from row to row: room for a fingertip. */
const sideRow = 28;
/** The same if the name is above its bar. */
const stackedRow = 42;
/** Below this width, in pixels, names are above their bars. */
const stackedWidth = 480;
const barHeight = 16;
const top = 22;
/** Room for the value after the longest bar. */
const valueWidth = 64;
/** The width of an average character of a name, in pixels. */
const characterWidth = 7;

const fitted = (name: string, width: number) => {
  const room = Math.floor(width / characterWidth);
  return name.length <= room ? name : `${name.slice(0, Math.max(1, room - 1)).trimEnd()}…`;
};

/** A bar chart of one series with the names on the left, for names that are too long to stand side by side. */
export function Rows(props: { content: Content }) {
  const [width, measure] = useWidth();
  const marks = () => props.content.marks;
  const isStacked = () => width() < stackedWidth;
  const rowHeight = () => (isStacked() ? stackedRow : sideRow);
  const height = () => top + marks().length * rowHeight();
  const longestName = () => Math.max(0, ...marks().map(({ name }) => name.length)) * characterWidth;
  const left = () => (isStacked() ? 0 : Math.min(longestName() + 12, width() * 0.34));
  const scale = createMemo(() =>
    scaleTo(
      marks().map(({ values }) => values[0] ?? 0),
      width() > 560 ? 5 : 3,
    ),
  );
  const x = (value: number) => left() + (width() - left() - valueWidth) * scale().shareOf(value);
  const pointing = useMarks({
    count: () => marks().length,
    initial: () => marks().findIndex(({ isChosen }) => isChosen),
    steps: { ArrowUp: -1, ArrowDown: 1 },
  });
  return (
    <Plot
      class="plot rows"
      content={props.content}
      pointing={pointing}
      measure={measure}
      width={width()}
      height={height()}
      boxOf={(at) => ({ x: 0, y: top + at * rowHeight(), width: width(), height: rowHeight() })}
    >
      <g aria-hidden="true">
        <For each={scale().ticks}>
          {(tick) => (
            <g>
              <line class="rule" x1={x(tick)} x2={x(tick)} y1={top - 4} y2={height()} />
              <text x={x(tick)} y={12} text-anchor="middle">
                {number(tick)}
              </text>
            </g>
          )}
        </For>
        <Show when={pointing.pointed()}>
          {(pointed) => (
            <rect class="crosshair" x={0} y={top + pointed().at * rowHeight()} width={width()} height={rowHeight()} />
          )}
        </Show>
        <Bars
          content={props.content}
          pointing={pointing}
          left={left()}
          x={x}
          rowHeight={rowHeight()}
          isStacked={isStacked()}
          nameWidth={isStacked() ? width() : left() - 12}
        />
      </g>
    </Plot>
  );
}

/** Names, bars and values. */
const Bars = (props: {
  content: Content;
  pointing: Pointing;
  left: number;
  x: (value: number) => number;
  rowHeight: number;
  isStacked: boolean;
  nameWidth: number;
}) => (
  <Index each={props.content.marks}>
    {(mark, at) => {
      const value = () => mark().values[0] ?? 0;
      /** The middle of the bar. */
      const middle = () => top + at * props.rowHeight + (props.isStacked ? 29 : sideRow / 2);
      return (
        <g>
          <text
            class="row-name"
            classList={{ chosen: mark().isChosen ?? false }}
            x={0}
            y={middle() + (props.isStacked ? -13 : 4)}
          >
            {fitted(mark().name, props.nameWidth)}
          </text>
          <rect
            class="bar"
            classList={{ pointed: props.pointing.pointed()?.at === at, chosen: mark().isChosen ?? false }}
            x={props.left}
            y={middle() - barHeight / 2}
            width={Math.max(1, props.x(value()) - props.left)}
            height={barHeight}
            rx={3}
          />
          <text x={props.x(value()) + 6} y={middle() + 4}>
            {number(value())}
          </text>
        </g>
      );
    }}
  </Index>
);
