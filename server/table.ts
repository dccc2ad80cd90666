/** A route's rows as JSON, or as CSV for whoever asks for it. */
import type { Context } from "hono";
import { csv } from "./csv.ts";
import { flag } from "./params.ts";

/** The parameter that asks for it. */
export const csvFlag = flag("present with any value: CSV instead of JSON");

type Cell = string | number;

/**
 * The rows as a file to keep.
 * @param name of the file, without ending
 */
export function sendCsv(c: Context, name: string, columns: readonly string[], rows: readonly (readonly Cell[])[]) {
  // The typed client asks for JSON only, and needs not know.
  return c.body(csv(columns, rows), 200, {
    "Content-Type": "text/csv; charset=utf-8",
    "Content-Disposition": `attachment; filename="${name}.csv"`,
  }) as never;
}

/** Columns of rows that are flat. */
export const cells = <Row extends Record<Column, Cell>, Column extends string>(
  rows: readonly Row[],
  columns: readonly Column[],
): Cell[][] => rows.map((row) => columns.map((column) => row[column]));
