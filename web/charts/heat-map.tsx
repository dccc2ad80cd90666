import { createEffect, createMemo, createSelector, createSignal, For, on, onCleanup, Show } from "solid-js";
import { texts } from "../i18n/index.ts";
import { type Cell, cellAfter, type Label, type Layout } from "./cells.ts";
import { shadesOf } from "./shades.ts";
import { useWidth } from "./width.ts";

const text = texts({
  de: { less: "weniger", more: "mehr" },
  en: { less: "fewer", more: "more" },
});

/** Cells that are drawn in one task. */
const sliceSize = 800;

/** The first cells at once, and the others in later tasks, so that many years do not block the page. */
function useSlices(cells: () => Cell[]): () => Cell[] {
  const [count, setCount] = createSignal(sliceSize);
  createEffect(() => {
    if (count() >= cells().length) return;
    const timer = setTimeout(() => setCount(count() + sliceSize));
    onCleanup(() => clearTimeout(timer));
  });
  return () => (count() >= cells().length ? cells() : cells().slice(0, count()));
}

const keyUnder = (event: Event) =>
  (event.target as Element).closest("[data-key]")?.getAttribute("data-key") ?? undefined;

/**
 * A grid of shaded cells: the higher a value, the darker its cell. The legend names the cell that the pointer, a tap or
 * the arrow keys lead to. Tab leads to one cell only, and arrow keys from there to the others.
 * @param props.layout places the cells in a width
 * @param props.name names a cell in legend and screen reader
 * @param props.value shows a cell's value there
 * @param props.href the address that a cell leads to, if any
 * @param props.latest the cell that Tab leads to first, and that is visible if the grid is wider than the page
 */
export function HeatMap(props: {
  label: string;
  layout: (width: number) => Layout;
  values: ReadonlyMap<string, number>;
  name: (key: string) => string;
  value: (value: number) => string;
  href?: ((key: string) => string) | undefined;
  yearHref?: (year: number) => string;
  chosen?: string | undefined;
  latest?: string | undefined;
}) {
  const [width, measure] = useWidth();
  const [pointed, setPointed] = createSignal<string>();
  const [reached, setReached] = createSignal<string>();
  let box: HTMLElement | undefined;
  const layout = createMemo(() => props.layout(width()));
  const valueOf = (key: string) => props.values.get(key) ?? 0;
  const shade = createMemo(() => shadesOf(layout().cells.map(({ key }) => valueOf(key))));
  const readout = (key: string) => `${props.name(key)}: ${props.value(valueOf(key))}`;
  const isCell = (key: string | undefined) => key !== undefined && layout().cells.some((cell) => cell.key === key);
  /** The cell that Tab leads to. */
  const current = createMemo(() => [reached(), props.chosen, props.latest].find(isCell) ?? layout().cells[0]?.key);
  const isCurrent = createSelector(current);
  const isChosen = createSelector(() => props.chosen);
  const isReached = createSelector(reached);
  const cells = useSlices(() => layout().cells);
  // The chosen cell may be changed elsewhere.
  createEffect(on(() => props.chosen, setReached, { defer: true }));

  const move = (event: KeyboardEvent) => {
    const key = keyUnder(event);
    const next = key === undefined ? undefined : cellAfter(layout(), key, event.key);
    if (!next || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    box?.querySelector<SVGElement>(`[data-key="${next.key}"][tabindex]`)?.focus();
  };
  // A grid wider than the page begins with its latest cells.
  createEffect(() => {
    const latest = layout().cells.find(({ key }) => key === props.latest);
    if (box && latest && width() > 0 && layout().width > width()) box.scrollLeft = latest.x + latest.width - width();
  });
  const shown = () => pointed() ?? reached() ?? props.chosen;
  return (
    <div class="heat-map">
      <div
        class="scroll"
        ref={(element) => {
          box = element;
          measure(element);
        }}
      >
        <Show when={width()}>
          <svg
            class="chart"
            viewBox={`0 0 ${layout().width} ${layout().height}`}
            width={layout().width}
            height={layout().height}
            style={{ width: `${layout().width}px`, height: `${layout().height}px` }}
            role="group"
            aria-label={props.label}
            onPointerOver={(event) => setPointed(event.pointerType === "touch" ? undefined : keyUnder(event))}
            onPointerLeave={() => setPointed(undefined)}
            onFocusIn={(event) => setReached(keyUnder(event))}
            onClick={(event) => setReached(keyUnder(event) ?? reached())}
            onKeyDown={move}
          >
            <For each={layout().labels}>
              {(label) => (
                <Show
                  when={label.year !== undefined && props.yearHref?.(label.year)}
                  fallback={<HeatLabel label={label} />}
                >
                  {(href) => <YearLink label={label} href={href()} />}
                </Show>
              )}
            </For>
            <For each={cells()}>
              {(cell) => (
                <HeatCell
                  cell={cell}
                  label={readout(cell.key)}
                  href={props.href?.(cell.key)}
                  shade={shade()(valueOf(cell.key))}
                  isCurrent={isCurrent(cell.key)}
                  isChosen={isChosen(cell.key)}
                  isReached={isReached(cell.key)}
                />
              )}
            </For>
          </svg>
        </Show>
      </div>
      <p class="legend" aria-hidden="true">
        <span>
          {text().less}
          <For each={[0, 1, 2, 3, 4]}>
            {(shadeOfLegend) => <i style={{ background: `var(--heat-${shadeOfLegend})` }} />}
          </For>
          {text().more}
        </span>
        <span class="readout">
          <Show when={shown()}>{(key) => <Show when={isCell(key())}>{readout(key())}</Show>}</Show>
        </span>
      </p>
    </div>
  );
}

const HeatLabel = (props: { label: Label }) => (
  <text x={props.label.x} y={props.label.y} text-anchor={props.label.anchor}>
    {props.label.text}
  </text>
);

// The groups around the links make them elements of SVG, not of HTML.

const YearLink = (props: { label: Label; href: string }) => (
  <g class="year">
    <a href={props.href} noScroll>
      <HeatLabel label={props.label} />
    </a>
  </g>
);

function HeatCell(props: {
  cell: Cell;
  label: string;
  href: string | undefined;
  shade: number;
  isCurrent: boolean;
  isChosen: boolean;
  isReached: boolean;
}) {
  const tabIndex = () => (props.isCurrent ? 0 : -1);
  return (
    <Show
      when={props.href}
      fallback={
        <g role="img" data-key={props.cell.key} tabindex={tabIndex()} aria-label={props.label}>
          <CellShape {...props} />
        </g>
      }
    >
      {(href) => (
        <g>
          <a
            href={href()}
            noScroll
            data-key={props.cell.key}
            tabindex={tabIndex()}
            aria-label={props.label}
            aria-current={props.isChosen ? "date" : undefined}
          >
            <CellShape {...props} />
          </a>
        </g>
      )}
    </Show>
  );
}

const CellShape = (props: { cell: Cell; shade: number; isChosen: boolean; isReached: boolean }) => (
  <>
    <rect
      class="cell"
      classList={{ chosen: props.isChosen, reached: props.isReached }}
      data-key={props.cell.key}
      x={props.cell.x}
      y={props.cell.y}
      width={props.cell.width}
      height={props.cell.height}
      rx={Math.min(4, props.cell.width / 6)}
      style={{ fill: `var(--heat-${props.shade})` }}
    />
    <Show when={props.cell.text}>
      <text
        class="cell-text"
        x={props.cell.x + props.cell.width / 2}
        y={props.cell.y + props.cell.height / 2 + 4}
        text-anchor="middle"
        style={{ fill: `var(--heat-ink-${props.shade})` }}
      >
        {props.cell.text}
      </text>
    </Show>
  </>
);
