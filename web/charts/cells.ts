/** Cells of heat maps, and how arrow keys move between them. Pure. */

/** A cell of a heat map, in pixels. */
export interface Cell {
  key: string;
  x: number;
  y: number;
  width: number;
  height: number;
  /** A short text inside the cell. */
  text?: string;
}

/** A text beside the cells, in pixels: `y` is its baseline. */
export interface Label {
  x: number;
  y: number;
  text: string;
  anchor?: "middle" | "end";
  /** The year that the label names. */
  year?: number;
}

/** Where a heat map draws its cells and labels. */
export interface Layout {
  width: number;
  height: number;
  /** In reading order. */
  cells: Cell[];
  labels: Label[];
  /** A part that is not complete yet, drawn with a dashed outline. */
  unfinished?: { x: number; y: number; width: number; height: number } | undefined;
  /** Whether the cell after the last one of a row is the first one of the next row. */
  isText?: boolean;
}

/** Distance between two cells, in pixels. */
const gap = 2;

/** The smallest distance from cell to cell at which a thumb hits the right one, in pixels: 24 and the gap. */
export const thumb = 24 + gap;

/** A cell whose left upper corner is at `x`, `y`, and whose neighbors are `across` and `down` pixels away. */
export const cellAt = (key: string, x: number, y: number, across: number, down: number, text?: string): Cell => ({
  key,
  x,
  y,
  width: across - gap,
  height: down - gap,
  ...(text === undefined ? {} : { text }),
});

/** The cell at a position, in pixels; undefined between cells. */
export const cellUnder = ({ cells }: Layout, x: number, y: number): Cell | undefined =>
  cells.find((cell) => x >= cell.x && x < cell.x + cell.width && y >= cell.y && y < cell.y + cell.height);

const directions: Partial<Record<string, [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Whether two cells are side by side: their extents along one axis overlap by more than half. */
const overlaps = (start: number, size: number, otherStart: number, otherSize: number) =>
  Math.min(start + size, otherStart + otherSize) - Math.max(start, otherStart) > Math.min(size, otherSize) / 2;

/**
 * The cell that a key leads to: the nearest in the direction of an arrow, or the first or last of the row. Undefined for
 * other keys, and at the edge.
 */
export function cellAfter({ cells, isText = false }: Layout, key: string, pressed: string): Cell | undefined {
  const at = cells.findIndex((cell) => cell.key === key);
  const from = cells[at];
  if (!from) return undefined;
  const row = cells.filter((cell) => cell.y === from.y);
  if (pressed === "Home") return row[0];
  if (pressed === "End") return row.at(-1);
  const direction = directions[pressed];
  if (!direction) return undefined;
  const [x, y] = direction;
  const distance = (cell: Cell) => (cell.x - from.x) * x + (cell.y - from.y) * y;
  const isBeside = (cell: Cell) =>
    x === 0 ? overlaps(cell.x, cell.width, from.x, from.width) : overlaps(cell.y, cell.height, from.y, from.height);
  const [nearest] = cells
    .filter((cell) => distance(cell) > 0 && isBeside(cell))
    .toSorted((a, b) => distance(a) - distance(b));
  if (x !== 0 && isText && (nearest === undefined || nearest !== cells[at + x])) return cells[at + x];
  return nearest;
}
