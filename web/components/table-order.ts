/** The order of a table's rows. Pure. */

export interface Order {
  /** Index of the column. */
  column: number;
  direction: "asc" | "desc";
}

/** Reads an order from a URL: "2-desc". */
export function orderOf(text: string): Order | undefined {
  const match = /^(\d{1,2})-(asc|desc)$/.exec(text);
  return match ? { column: Number(match[1]), direction: match[2] as Order["direction"] } : undefined;
}

export const orderText = ({ column, direction }: Order): string => `${column}-${direction}`;

const compare = (a: number | string, b: number | string) =>
  typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));

/** The rows, sorted by a value; equal ones stay as they are. Without a value or a direction, the rows as they are. */
export function sorted<Row>(
  rows: Row[],
  value: ((row: Row) => number | string) | undefined,
  direction: Order["direction"] | undefined,
): Row[] {
  if (!value || !direction) return rows;
  const sign = direction === "asc" ? 1 : -1;
  return rows.toSorted((a, b) => sign * compare(value(a), value(b)));
}
