/** CSV as RFC 4180 has it: lines end in CR LF, fields are quoted where needed. */

const needsQuotes = /[",\r\n]/;
/** Spreadsheets take these for formulas. */
const formula = /^[=+\-@\t\r]/;

function field(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = formula.test(value) ? `'${value}` : value;
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table with a header line. */
export const csv = (columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [columns, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
