/** JSON for readers: short values on one line, long lists and records truncated with a comment that counts the rest. */

/** Columns of a line. */
const width = 100;
/** Visible entries of a list, and of a record. */
const longestList = 2;
const longestRecord = 12;

/**
 * A value as JSON with comments.
 * @param depth levels of lists and records to show; of deeper ones only the number of entries is given
 */
export function shortened(value: unknown, depth = Infinity, indent = ""): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const most = depth < 0 ? 0 : isList ? longestList : longestRecord;
  const entries = Object.entries(value);
  const inner = `${indent}  `;
  const visible = entries
    .slice(0, most)
    .map(([key, entry]) => (isList ? "" : `${JSON.stringify(key)}: `) + shortened(entry, depth - 1, inner));
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  const rest = entries.length - visible.length;
  const line = `${open}${visible.join(", ")}${close}`;
  if (rest === 0 && !line.includes("\n") && indent.length + line.length <= width) return line;
  const lines = visible.map((entry, at) => `${inner}${entry}${at < visible.length - 1 || rest > 0 ? "," : ""}`);
  if (rest > 0) lines.push(`${inner}// … ${visible.length > 0 ? `and ${rest} more` : rest}`);
  return `${open}\n${lines.join("\n")}\n${indent}${close}`;
}
