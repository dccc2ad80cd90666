/** JSON for people: what fits on a line stands on one, long lists and records are cut, and say so. */

/** Columns of a line. */
const width = 100;
/** Entries of a list, and of a record, before the rest is only counted. */
const longestList = 2;
const longestRecord = 12;

/**
 * A value as JSON with comments.
 * @param depth of lists and records that are shown; what lies deeper is only counted
 */
export function shortened(value: unknown, depth = Infinity, indent = ""): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const most = depth < 0 ? 0 : isList ? longestList : longestRecord;
  const entries = Object.entries(value);
  const inner = `${indent}  `;
  const shown = entries
    .slice(0, most)
    .map(([key, entry]) => (isList ? "" : `${JSON.stringify(key)}: `) + shortened(entry, depth - 1, inner));
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  const rest = entries.length - shown.length;
  const line = `${open}${shown.join(", ")}${close}`;
  if (rest === 0 && !line.includes("\n") && indent.length + line.length <= width) return line;
  const lines = shown.map((entry, at) => `${inner}${entry}${at < shown.length - 1 || rest > 0 ? "," : ""}`);
  if (rest > 0) lines.push(`${inner}// … ${shown.length > 0 ? "and " : ""}${rest}${shown.length > 0 ? " more" : ""}`);
  return `${open}\n${lines.join("\n")}\n${indent}${close}`;
}
