/** What was measured goes into RESULTS.md: a section for each bench, replaced when it is run again. */
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";

const file = join(import.meta.dirname, "RESULTS.md");
const introduction = `# Measured

Each section was written by the command in its title. Times are of one run; a busy machine shows in them.
`;

interface Row {
  what: string;
  value: string;
  unit: string;
  target: string;
}

const rows: Row[] = [];

/** Adds a row to the section that is being measured. */
export const note = (row: Row): void => void rows.push(row);

/** Measures and writes the section; a bench that fails leaves the file alone. */
export async function record(command: string, measure: () => Promise<void>): Promise<void> {
  rows.length = 0;
  await measure();
  const commit = Bun.spawnSync(["git", "rev-parse", "--short", "HEAD"], { cwd: import.meta.dirname })
    .stdout.toString()
    .trim();
  const [processor] = cpus();
  const memory_gb = Math.round(totalmem() / 2 ** 30);
  const where = `${processor?.model ?? process.arch}, ${cpus().length} cores, ${memory_gb} GB, ${process.platform}; Bun ${Bun.version}`;
  const section = [
    `## \`bun run bench ${command}\``,
    "",
    `${where}; ${new Date().toISOString().slice(0, 10)}${commit ? `, commit ${commit}` : ""}`,
    "",
    "| what | measured | | target |",
    "| --- | ---: | --- | --- |",
    ...rows.map(({ what, value, unit, target }) => `| ${what} | ${value} | ${unit} | ${target} |`),
    "",
  ].join("\n");
  writeFileSync(file, withSection(known(), section));
}

function known(): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return introduction;
  }
}

/** The text with a section in the place of the one of the same title, or at its end. */
export function withSection(text: string, section: string): string {
  const title = section.slice(0, section.indexOf("\n") + 1);
  const parts = text.split(/^(?=## )/m);
  const at = parts.findIndex((part) => part.startsWith(title));
  if (at === -1) return `${text.trimEnd()}\n\n${section}`;
  return parts.with(at, at === parts.length - 1 ? section : `${section}\n`).join("");
}
