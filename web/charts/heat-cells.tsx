import { createMemo, For, Show } from "solid-js";
import type { Cell, Label } from "./cells.ts";
import { useScrollKeeping } from "./scroll-keeping.ts";

const radiusOf = ({ width }: Cell) => Math.min(4, width / 6);

export const HeatLabel = (props: { label: Label }) => (
  <text x={props.label.x} y={props.label.y} text-anchor={props.label.anchor}>
    {props.label.text}
  </text>
);

// The groups around the links make them elements of SVG, not of HTML.

export function YearLink(props: { label: Label; href: string }) {
  const keepScroll = useScrollKeeping();
  return (
    <g class="year">
      <a href={props.href} ref={(link) => keepScroll(link, props.href)}>
        <HeatLabel label={props.label} />
      </a>
    </g>
  );
}

export function HeatCell(props: {
  cell: Cell;
  label: string;
  href: string | undefined;
  shade: number;
  isCurrent: boolean;
  isChosen: boolean;
  isReached: boolean;
}) {
  const keepScroll = useScrollKeeping();
  const tabIndex = () => (props.isCurrent ? 0 : -1);
  return (
    <>
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
              ref={(link) => keepScroll(link, href())}
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
      {/* Outside of the link, whose name has the whole word. */}
      <Show when={props.cell.text}>
        <text
          class={`cell-text ink-${props.shade}`}
          aria-hidden="true"
          x={props.cell.x + props.cell.width / 2}
          y={props.cell.y + props.cell.height / 2 + 4}
          text-anchor="middle"
        >
          {props.cell.text}
        </text>
      </Show>
    </>
  );
}

const CellShape = (props: { cell: Cell; shade: number; isChosen: boolean; isReached: boolean }) => (
  <rect
    class="cell"
    classList={{ [`shade-${props.shade}`]: true, chosen: props.isChosen, reached: props.isReached }}
    data-key={props.cell.key}
    x={props.cell.x}
    y={props.cell.y}
    width={props.cell.width}
    height={props.cell.height}
    rx={radiusOf(props.cell)}
  />
);

const round = (pixels: number) => Math.round(pixels * 100) / 100;

/** The outline of a cell as path data, from the right end of its rounded left upper corner. */
function outlineOf(cell: Cell): string {
  const r = round(radiusOf(cell));
  const [across, down] = [round(cell.width - 2 * r), round(cell.height - 2 * r)];
  const corner = (x: number, y: number) => `a${r} ${r} 0 0 1 ${x} ${y}`;
  return `h${across}${corner(r, r)}v${down}${corner(-r, r)}h${-across}${corner(-r, -r)}v${-down}${corner(r, -r)}z`;
}

/** Many cells in few elements: one for each shade. */
export function CellGround(props: { cells: readonly Cell[]; shadeOf: (key: string) => number }) {
  const paths = createMemo(() => {
    const outlines: string[] = ["", "", "", "", ""];
    const [first] = props.cells;
    if (!first) return outlines;
    // All cells of a layout have the same size.
    const radius = round(radiusOf(first));
    const outline = outlineOf(first);
    for (const { key, x, y } of props.cells)
      outlines[props.shadeOf(key)] += `M${round(x + radius)} ${round(y)}${outline}`;
    return outlines;
  });
  return (
    <g class="ground">
      <For each={paths()}>{(d, shade) => <path d={d} class={`shade-${shade()}`} />}</For>
    </g>
  );
}
