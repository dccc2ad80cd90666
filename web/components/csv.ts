/** Tables as CSV that a spreadsheet opens with a click. */

/** What spreadsheets skip, or do not show, before they look whether a cell is a formula. */
const skipped = String.raw`[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\u2800"]`;
/** Where a cell begins, whatever separates cells: spreadsheets ask, guess, or follow the system's settings. */
const end = String.raw`[,;|\t\n\v\f\r\u0085\u2028\u2029]`;
/** These begin a formula, also full-width and small as keyboards of East Asia have them. */
const sign = String.raw`[=+\-@＝＋－＠﹦﹢﹣﹫]`;
const beforeFormula = new RegExp(`(?<=^|${end})(?=(?:(?!${end})${skipped})*${sign})`, "gu");
const beforeBreak = new RegExp(`^(?=${skipped}*?[\\t\\r\\n])`, "u");

/** Text that no spreadsheet takes for a formula: an apostrophe stands before each that one could see, as in the API's CSV. */
const defused = (text: string) => text.replace(beforeFormula, "'").replace(beforeBreak, "'");

/**
 * RFC 4180 with a byte order mark, without which Excel takes UTF-8 for Windows-1252; lines end in CR LF.
 * @param language a German Excel splits at semicolons and writes decimals with a comma
 */
export function csv(rows: (string | number)[][], language: "de" | "en"): string {
  const [separator, point] = language === "de" ? [";", ","] : [",", "."];
  const field = (value: string | number) => {
    // A number is no formula, whatever its sign.
    if (typeof value === "number") return String(value).replace(".", point);
    const text = defused(value);
    return /[";,\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `\uFEFF${rows.map((row) => `${row.map(field).join(separator)}\r\n`).join("")}`;
}
