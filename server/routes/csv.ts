/** CSV as RFC 4180 has it, or as spreadsheets open it by double click: pure text, no file and no answer. */

export interface CsvStyle {
  /** A byte order mark: without it spreadsheets take UTF-8 for another encoding. */
  byteOrderMark?: boolean;
  /** Between cells. Spreadsheets expect a semicolon where the decimal mark is a comma. */
  separator?: "," | ";";
  decimalComma?: boolean;
}

/** What spreadsheets skip, or do not show, before they look whether a cell is a formula. */
const skipped = String.raw`[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\u2800"]`;
/** Where a cell begins, whatever separates cells: spreadsheets ask, guess, or follow the system's settings. */
const anySeparator = String.raw`[,;|\t\n\v\f\r\u0085\u2028\u2029]`;
/** These begin a formula, also full-width and small as keyboards of East Asia have them. */
const sign = String.raw`[=+\-@＝＋－＠﹦﹢﹣﹫]`;
const beforeFormula = new RegExp(`(?<=^|${anySeparator})(?=(?:(?!${anySeparator})${skipped})*${sign})`, "gu");
const beforeBreak = new RegExp(`^(?=${skipped}*?[\\t\\r\\n])`, "u");

/** Text that no spreadsheet takes for a formula: an apostrophe stands before each that one could see. */
const defused = (text: string): string => text.replace(beforeFormula, "'").replace(beforeBreak, "'");

function field(value: string | number, { decimalComma, separator = "," }: CsvStyle): string {
  // A number is no formula, whatever its sign.
  if (typeof value === "number") return decimalComma ? String(value).replace(".", ",") : String(value);
  const text = defused(value);
  const needsQuotes = separator === ";" ? /[";\t\r\n]/ : /[",\r\n]/;
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table with a header line; lines end in CR LF. */
export function csv(
  columns: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  style: CsvStyle = {},
): string {
  const { byteOrderMark = false, separator: between = "," } = style;
  const lines = [columns, ...rows].map((row) => row.map((cell) => field(cell, style)).join(between));
  return `${byteOrderMark ? "\uFEFF" : ""}${lines.map((line) => `${line}\r\n`).join("")}`;
}
