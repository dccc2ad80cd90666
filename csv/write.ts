/**
 * Writes tables as CSV: RFC 4180, or a variant that spreadsheets open with a double click. Used by the API and the
 * browser. No library: papaparse and csv-stringify escape formulas only at the start of a cell, and for one separator.
 */

export type Cell = string | number;

export interface CsvStyle {
  /** Without a byte order mark Excel reads UTF-8 as Windows-1252. */
  byteOrderMark?: boolean;
  /** Between cells. Spreadsheets expect a semicolon in languages with decimal commas. */
  separator?: "," | ";";
  decimalComma?: boolean;
}

/**
 * The style that Excel opens with a double click.
 * @param language if undefined, uses semicolons, which Excel expects in every language with decimal commas
 */
export const spreadsheet = (language: "de" | "en" | undefined): CsvStyle => ({
  byteOrderMark: true,
  separator: language === "en" ? "," : ";",
  decimalComma: language === "de",
});

/** Characters that spreadsheets ignore when they decide whether a cell is a formula. */
const skipped = String.raw`[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\u2800"]`;
/** Every character that may end a cell: spreadsheets ask for the separator, guess it, or use the system's settings. */
const anySeparator = String.raw`[,;|\t\n\v\f\r\u0085\u2028\u2029]`;
/** Characters that start a formula, including the full-width and small variants of East Asian keyboards. */
const sign = String.raw`[=+\-@＝＋－＠﹦﹢﹣﹫]`;
const beforeFormula = new RegExp(`(?<=^|${anySeparator})(?=(?:(?!${anySeparator})${skipped})*${sign})`, "gu");
const beforeBreak = new RegExp(`^(?=${skipped}*?[\\t\\r\\n])`, "u");

/** Inserts an apostrophe before everything that a spreadsheet might interpret as a formula. */
const escapeFormulas = (text: string): string => text.replace(beforeFormula, "'").replace(beforeBreak, "'");

function field(value: Cell, { decimalComma, separator = "," }: CsvStyle): string {
  // A number is never a formula, whatever its sign.
  if (typeof value === "number") return decimalComma ? String(value).replace(".", ",") : String(value);
  const text = escapeFormulas(value);
  const needsQuotes = separator === ";" ? /[";\t\r\n]/ : /[",\r\n]/;
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Formats a table, including its header row; lines end in CR LF.
 * @param rows cells in the order of the columns
 */
export function writeCsv(rows: readonly (readonly Cell[])[], style: CsvStyle = {}): string {
  const { byteOrderMark = false, separator = "," } = style;
  const lines = rows.map((row) => `${row.map((cell) => field(cell, style)).join(separator)}\r\n`);
  return `${byteOrderMark ? "\uFEFF" : ""}${lines.join("")}`;
}
