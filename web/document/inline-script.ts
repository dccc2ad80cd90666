/** The script in the document, and its hash, by which the content security policy allows it. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Without comments and indentation, which only the source needs. */
export const inlineScript = (): string =>
  readFileSync(join(import.meta.dirname, "first-paint.js"), "utf8")
    .replaceAll(/^\s*\/\/.*\n/gm, "")
    .replaceAll(/^\s+/gm, "");

export const inlineScriptHash = (): string => `sha256-${createHash("sha256").update(inlineScript()).digest("base64")}`;
