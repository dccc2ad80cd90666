/** A pattern for SQL's `like` that fits whatever begins with this text; `%`, `_` and `\` stand for themselves. */
export const prefixPattern = (text: string): string => `${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
