/**
 * Tables as CSV: RFC 4180, or as spreadsheets open it with a double click. Pure text, for the API and the browser.
 * No library: papaparse and csv-stringify defuse a formula at the beginning of a cell only, for one separator.
 */

export type Cell = string | number;

export interface CsvStyle {
  /** Without a byte order mark Excel reads UTF-8 as Windows-1252. */
  byteOrderMark?: boolean;
  /** Between cells. Spreadsheets expect a semicolon where the decimal mark is a comma. */
  separator?: "," | ";";
  decimalComma?: boolean;
}

/**
 * The style that Excel opens with a double click.
 * @param language undefined: unknown, so semicolons, which every Excel with a decimal comma splits at
 */
export const spreadsheet = (language: "de" | "en" | undefined): CsvStyle => ({
  byteOrderMark: true,
  separator: language === "en" ? "," : ";",
  decimalComma: language === "de",
});

/** What spreadsheets skip, or do not show, before they decide whether a cell is a formula. */
const skipped = String.raw`[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\u2800"]`;
/** Every character that may end a cell: spreadsheets ask for the separator, guess it, or follow the system's settings. */
const anySeparator = String.raw`[,;|\t\n\v\f\r\u0085\u2028\u2029]`;
/** First characters of a formula, also full-width and small as East Asian keyboards produce them. */
const sign = String.raw`[=+\-@＝＋－＠﹦﹢﹣﹫]`;
const beforeFormula = new RegExp(`(?<=^|${anySeparator})(?=(?:(?!${anySeparator})${skipped})*${sign})`, "gu");
const beforeBreak = new RegExp(`^(?=${skipped}*?[\\t\\r\\n])`, "u");

/** An apostrophe before everything that a spreadsheet could take for a formula. */
const defused = (text: string): string => text.replace(beforeFormula, "'").replace(beforeBreak, "'");

function field(value: Cell, { decimalComma, separator = "," }: CsvStyle): string {
  // A number is never a formula, whatever its sign.
  if (typeof value === "number") return decimalComma ? String(value).replace(".", ",") : String(value);
  const text = defused(value);
  const needsQuotes = separator === ";" ? /[";\t\r\n]/ : /[",\r\n]/;
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * A table, header row included; lines end in CR LF.
 * @param rows cells in the order of the columns
 */
export function writeCsv(rows: readonly (readonly Cell[])[], style: CsvStyle = {}): string {
  const { byteOrderMark = false, separator = "," } = style;
  const lines = rows.map((row) => `${row.map((cell) => field(cell, style)).join(separator)}\r\n`);
  return `${byteOrderMark ? "\uFEFF" : ""}${lines.join("")}`;
}
