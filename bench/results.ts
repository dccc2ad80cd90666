/** Records measurements in RESULTS.md, one section per command. The next run of the command replaces it. */
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";

const file = join(import.meta.dirname, "RESULTS.md");
const introduction = `# Measured

Each section was written by the command in its title. Times are from a single run and include the effect of other load.
Sections differ in machine, date and commit; [docs/scaling.md](../docs/scaling.md) compares only what is comparable.
`;

interface Row {
  what: string;
  value: string;
  unit: string;
  target: string;
}

const rows: Row[] = [];

/** Adds a row to the current section. */
export const note = (row: Row): void => void rows.push(row);

/** Measures and writes a section. If the bench fails, the file is not changed. */
export async function record(command: string, measure: () => Promise<void>): Promise<void> {
  rows.length = 0;
  await measure();
  const commit = Bun.spawnSync(["git", "rev-parse", "--short", "HEAD"], { cwd: import.meta.dirname })
    .stdout.toString()
    .trim();
  const [processor] = cpus();
  const memory_gb = Math.round(totalmem() / 2 ** 30);
  const machine = `${processor?.model ?? process.arch}, ${cpus().length} cores, ${memory_gb} GB, ${process.platform}; Bun ${Bun.version}`;
  const section = [
    `## \`bun run bench ${command}\``,
    "",
    `${machine}; ${new Date().toISOString().slice(0, 10)}${commit ? `, commit ${commit}` : ""}`,
    "",
    "| what | measured | | target |",
    "| --- | ---: | --- | --- |",
    ...rows.map(({ what, value, unit, target }) => `| ${what} | ${value} | ${unit} | ${target} |`),
    "",
  ].join("\n");
  writeFileSync(file, withSection(existing(), section));
}

function existing(): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return introduction;
  }
}

/** Replaces the section with the same title, or appends it. */
export function withSection(text: string, section: string): string {
  const title = section.slice(0, section.indexOf("\n") + 1);
  const parts = text.split(/^(?=## )/m);
  const at = parts.findIndex((part) => part.startsWith(title));
  if (at === -1) return `${text.trimEnd()}\n\n${section}`;
  return parts.with(at, at === parts.length - 1 ? section : `${section}\n`).join("");
}
