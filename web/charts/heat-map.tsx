import { createSignal, For, type JSX, Show } from "solid-js";
import { texts } from "../i18n/index.ts";
import { useWidth } from "./width.ts";

const text = texts({
  de: { less: "weniger", more: "mehr" },
  en: { less: "fewer", more: "more" },
});

/** Space for labels above and left of the cells, in pixels. */
export const margin = { top: 20, left: 30 };

/** Distance between two cells, in pixels. */
const gap = 2;

/**
 * The frame of a grid of shaded cells. It scrolls on narrow screens, and its legend names the cell under the pointer.
 * @param props.columns cells side by side
 * @param props.visibleColumns columns that fill the available width; all of them by default
 * @param props.narrowest, props.widest limits of the step across: pixels from cell to cell
 * @param props.tallest limit of the step down, which otherwise equals the step across
 * @param props.readout the legend's text for the cell with this key; undefined if the pointer is not on a cell
 * @param props.children draws labels and cells for a step
 */
export function HeatMap(props: {
  label: string;
  columns: number;
  rows: number;
  narrowest: number;
  widest: number;
  visibleColumns?: number;
  tallest?: number;
  readout: (key: string | undefined) => string;
  open?: ((key: string) => void) | undefined;
  children: (step: () => [across: number, down: number]) => JSX.Element;
}) {
  const [width, measure] = useWidth();
  const [pointed, setPointed] = createSignal<string>();
  const keyUnder = (event: Event) => (event.target as Element).getAttribute("data-key") ?? undefined;
  const step = (): [across: number, down: number] => {
    const across = (width() - margin.left) / (props.visibleColumns ?? props.columns);
    const limited = Math.max(props.narrowest, Math.min(props.widest, across));
    return [limited, Math.min(props.tallest ?? limited, limited)];
  };
  const limit = (across: number) => `${margin.left + props.columns * across}px`;
  return (
    <div>
      <div class="scroll" ref={measure} tabindex="0" role="region" aria-label={props.label}>
        <Show when={width()}>
          <svg
            class="chart"
            viewBox={`0 0 ${margin.left + props.columns * step()[0]} ${margin.top + props.rows * step()[1]}`}
            style={{ "min-width": limit(props.narrowest), "max-width": limit(props.widest) }}
            role="img"
            aria-label={props.label}
            classList={{ opens: props.open !== undefined }}
            onPointerOver={(event) => setPointed(keyUnder(event))}
            onPointerLeave={() => setPointed(undefined)}
            onClick={(event) => {
              const key = keyUnder(event);
              if (key !== undefined) props.open?.(key);
            }}
          >
            {props.children(step)}
          </svg>
        </Show>
      </div>
      <p class="legend" aria-hidden="true">
        <span>
          {text().less}
          <For each={[0, 1, 2, 3, 4]}>{(shade) => <i style={{ background: `var(--heat-${shade})` }} />}</For>
          {text().more}
        </span>
        <span>{props.readout(pointed())}</span>
      </p>
    </div>
  );
}

/** One cell of the grid. */
export const HeatCell = (props: {
  key: string;
  column: number;
  row: number;
  step: [across: number, down: number];
  shade: number;
  isChosen?: boolean;
}) => (
  <rect
    class="cell"
    classList={{ chosen: props.isChosen ?? false }}
    data-key={props.key}
    x={margin.left + props.column * props.step[0]}
    y={margin.top + props.row * props.step[1]}
    width={props.step[0] - gap}
    height={props.step[1] - gap}
    rx={2.5}
    style={{ fill: `var(--heat-${props.shade})` }}
  />
);
