/** A route's rows as JSON, or as CSV for whoever asks for it. */
import { z } from "@hono/zod-openapi";
import { type Cell, spreadsheet, writeCsv } from "@potstats/csv/write";
import type { Context } from "hono";
import { choice } from "./params.ts";

/** The parameters that ask for it. */
export const csvParameters = {
  csv: z
    .string()
    .optional()
    .transform((value) => value !== undefined && (value === "excel" ? "excel" : "plain"))
    .openapi({
      type: "string",
      description:
        "present with any value: CSV instead of JSON; `excel`: for spreadsheets, with a byte order mark and semicolons",
    }),
  lang: choice(["en", "de"], "with `csv=excel`: `de` writes decimal commas, `en` commas between the cells").optional(),
};

/**
 * The rows as a file to keep, in the style that the request's parameters ask for.
 * @param name of the file, without ending
 */
export function sendCsv(c: Context, name: string, columns: readonly string[], rows: readonly (readonly Cell[])[]) {
  const language = c.req.query("lang");
  const style =
    c.req.query("csv") === "excel" ? spreadsheet(language === "de" || language === "en" ? language : undefined) : {};
  // The typed client asks for JSON only, and needs not know.
  return c.body(writeCsv([columns, ...rows], style), 200, {
    "Content-Type": "text/csv; charset=utf-8",
    "Content-Disposition": `attachment; filename="${name}.csv"`,
  }) as never;
}

/** Columns of rows that are flat. */
export const cells = <Row extends Record<Column, Cell>, Column extends string>(
  rows: readonly Row[],
  columns: readonly Column[],
): Cell[][] => rows.map((row) => columns.map((column) => row[column]));
