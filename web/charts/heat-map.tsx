import { createEffect, createMemo, createSelector, createSignal, For, on, onCleanup, Show, untrack } from "solid-js";
import { texts } from "../i18n/index.ts";
import { formerFocus } from "../scroll-restoration.ts";
import { cellAfter, cellUnder, type Layout } from "./cells.ts";
import { CellGround, HeatCell, HeatLabel, YearLink } from "./heat-cells.tsx";
import { shadesOf } from "./shades.ts";
import { useWidth } from "./width.ts";

const text = texts({
  de: { less: "weniger", more: "mehr" },
  en: { less: "fewer", more: "more" },
});

/** From this number of cells on, not each of them is an element: fewer than the days of a year. */
const manyCells = 300;

/** Cells that are drawn at a time: on a slow phone, in less than 50 ms. */
const cellsAtATime = 30;

/** From this height on, the legend stays at the bottom of the window. */
const tall_px = 400;

const keyUnder = (event: Event) =>
  (event.target as Element).closest("[data-key]")?.getAttribute("data-key") ?? undefined;

/**
 * A grid of shaded cells: the higher a value, the darker its cell. The legend names the cell that the pointer, a tap or
 * the arrow keys lead to. Tab leads to one cell only, and arrow keys from there to the others. Of many cells, only those
 * are elements of their own that the reader points at or has reached: a year of days would be a thousand.
 * @param props.layout places the cells in a width
 * @param props.name names a cell in legend and screen reader
 * @param props.value shows a cell's value there
 * @param props.href the address that a cell leads to, if any
 * @param props.shade the shade of a value, from 0 to 4; by default by quartiles
 * @param props.legend what the palest and the darkest shade mean
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
  shade?: (value: number) => number;
  legend?: [least: string, most: string] | undefined;
  chosen?: string | undefined;
  latest?: string | undefined;
}) {
  const [width, measure] = useWidth();
  const [pointed, setPointed] = createSignal<string>();
  const [reached, setReached] = createSignal<string>();
  let box: HTMLElement | undefined;
  const layout = createMemo(() => props.layout(width()));
  const valueOf = (key: string) => props.values.get(key) ?? 0;
  const shade = createMemo(() => props.shade ?? shadesOf(layout().cells.map(({ key }) => valueOf(key))));
  const readout = (key: string) => `${props.name(key)}: ${props.value(valueOf(key))}`;
  const isCell = (key: string | undefined) => key !== undefined && layout().cells.some((cell) => cell.key === key);
  /** The cell that Tab leads to. */
  const current = createMemo(() => [reached(), props.chosen, props.latest].find(isCell) ?? layout().cells[0]?.key);
  const isCurrent = createSelector(current);
  const isChosen = createSelector(() => props.chosen);
  const isReached = createSelector(reached);
  /**
   * Cells with a text are elements: they are large, and a screen reader on a phone leads from one to the next. But not
   * before there are values, which often are of another year.
   */
  const areAllElements = createMemo(() => layout().isText === true && props.values.size > 0);
  const areMany = () => layout().cells.length >= manyCells;
  /** How many of many cells are elements: a few more at a time, so that the page answers meanwhile. */
  const [drawn, setDrawn] = createSignal(0);
  const isDrawing = createMemo(() => areMany() && areAllElements() && drawn() < layout().cells.length);
  createEffect(() => {
    if (!isDrawing()) return;
    const timer = setInterval(() => setDrawn((count) => count + cellsAtATime));
    onCleanup(() => clearInterval(timer));
  });
  const isDense = () => areMany() && (isDrawing() || !areAllElements());
  const cells = createMemo(() => {
    if (!isDense()) return layout().cells;
    const live = new Set([current(), pointed(), reached(), props.chosen]);
    const count = areAllElements() ? drawn() : 0;
    return layout().cells.filter(({ key }, at) => at < count || live.has(key));
  });
  // A cell that had the focus before the reader went back has to be there to get it again.
  createEffect(() => {
    const left = untrack(formerFocus);
    if (left === undefined || !isDense()) return;
    const cell = layout().cells.find(({ key }) => left.includes(key) && props.href?.(key) === left);
    if (cell) setReached(cell.key);
  });
  // The chosen cell may be changed elsewhere. When none is chosen any more, the last one keeps the focus.
  createEffect(
    on(
      () => props.chosen,
      (chosen) => chosen !== undefined && setReached(chosen),
      { defer: true },
    ),
  );

  /** The key of the cell at a pointer's position. */
  const keyAt = (event: MouseEvent): string | undefined => {
    if (!isDense()) return keyUnder(event);
    const { left, top } = (event.currentTarget as Element).getBoundingClientRect();
    return cellUnder(layout(), event.clientX - left, event.clientY - top)?.key;
  };
  const click = (event: MouseEvent) => {
    const key = keyAt(event);
    if (key === undefined) return;
    setReached(key);
    // A finger does not point at a cell before it taps.
    if (isDense() && keyUnder(event) === undefined)
      box
        ?.querySelector(`a[data-key="${key}"]`)
        ?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
  };
  const move = (event: KeyboardEvent) => {
    const key = keyUnder(event);
    const next = key === undefined ? undefined : cellAfter(layout(), key, event.key);
    if (!next || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (isDense()) setReached(next.key);
    box?.querySelector<SVGElement>(`[data-key="${next.key}"][tabindex]`)?.focus();
  };
  // A grid wider than the page begins with its latest cells.
  createEffect(() => {
    const latest = layout().cells.find(({ key }) => key === props.latest);
    if (box && latest && width() > 0 && layout().width > width()) box.scrollLeft = latest.x + latest.width - width();
  });
  const shown = () => pointed() ?? reached() ?? props.chosen;
  return (
    <div class="heat-map" classList={{ tall: layout().height > tall_px }}>
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
            onPointerMove={(event) => setPointed(event.pointerType === "touch" ? undefined : keyAt(event))}
            onPointerLeave={() => setPointed(undefined)}
            onFocusIn={(event) => setReached(keyUnder(event))}
            onClick={click}
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
            <Show when={isDense()}>
              <CellGround cells={layout().cells} shadeOf={(key) => shade()(valueOf(key))} />
            </Show>
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
            <Show when={layout().unfinished}>
              {(part) => (
                <rect class="unfinished-part" x={part().x} y={part().y} width={part().width} height={part().height} />
              )}
            </Show>
          </svg>
        </Show>
      </div>
      <p class="legend" aria-hidden="true">
        <span>
          {props.legend?.[0] ?? text().less}
          <For each={[0, 1, 2, 3, 4]}>
            {(shadeOfLegend) => <i style={{ background: `var(--heat-${shadeOfLegend})` }} />}
          </For>
          {props.legend?.[1] ?? text().more}
        </span>
        <span class="readout">
          <Show when={shown()}>{(key) => <Show when={isCell(key())}>{readout(key())}</Show>}</Show>
        </span>
      </p>
    </div>
  );
}
