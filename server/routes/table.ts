/** Responses that are tables: as JSON or, if requested, as CSV. */
import { z } from "@hono/zod-openapi";
import { type Cell, spreadsheet, writeCsv } from "@potstats/csv/write";
import type { Context } from "hono";
import type { User } from "../queries/user.ts";
import { describeResponses } from "./schemas.ts";
import { choice } from "./params.ts";

/** The parameters that request CSV. */
export const csvParameters = {
  csv: z
    .string()
    .optional()
    .transform((value) => value !== undefined && (value === "excel" ? "excel" : "plain"))
    .openapi({
      type: "string",
      description:
        "if present, with any value: CSV instead of JSON; `excel`: CSV for spreadsheets, with a byte order mark and semicolons",
    }),
  lang: choice(["en", "de"], "with `csv=excel`: `de` uses decimal commas, `en` separates cells with commas").optional(),
};

/** Adds CSV to the description of a response, but not to its type: the typed client requests only JSON. */
export function orCsv<T extends { 200: { content: object } }>(jsonResponses: T, columns: readonly string[]): T {
  const table = { "text/csv": { schema: z.string().openapi({ description: columns.join(", ") }) } };
  return { ...jsonResponses, 200: { ...jsonResponses[200], content: { ...jsonResponses[200].content, ...table } } };
}

/** Describes a response of rows as JSON or CSV. */
export const tableOf = <Row extends z.ZodType>(row: Row, description: string, columns: readonly string[]) =>
  orCsv(describeResponses(z.object({ rows: z.array(row) }), description), columns);

/** The columns of flat rows. */
export const columnsOf = <Shape extends z.ZodRawShape>(row: z.ZodObject<Shape>) =>
  Object.keys(row.shape) as (keyof Shape & string)[];

/**
 * Sends the rows as a CSV file, in the style that the parameters request.
 * @param name the file's name without extension
 * @param rows null is an empty cell
 */
export function sendCsv<Column extends string>(
  c: Context,
  name: string,
  columns: readonly Column[],
  rows: readonly Readonly<Record<Column, Cell | null>>[],
) {
  const language = c.req.query("lang");
  const style =
    c.req.query("csv") === "excel" ? spreadsheet(language === "de" || language === "en" ? language : undefined) : {};
  const cells = rows.map((row) => columns.map((column) => row[column] ?? ""));
  // The typed client never requests CSV, so its types omit it.
  return c.body(writeCsv([columns, ...cells], style), 200, {
    "Content-Type": "text/csv; charset=utf-8",
    "Content-Disposition": `attachment; filename="${name}.csv"`,
  }) as never;
}

/** Flattens a row about a user: `uid` and `name` replace `User`. */
export const flat = <Row extends { User: User }>({ User: { uid, name }, ...row }: Row) => ({ uid, name, ...row });
