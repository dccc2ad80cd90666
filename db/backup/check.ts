/** Checks a backup completely before anything is changed. */
import { CommandError } from "@potstats/cli/command";
import type { Progress } from "@potstats/cli/progress";
import {
  type Contents,
  contentsName,
  digestName,
  type Format,
  formatName,
  formatVersion,
  parse,
  readArchive,
} from "./archive.ts";
import { type Migration, readMigrations } from "./schema.ts";

export interface CheckedBackup {
  format: Format;
  contents: Contents;
  /** Of all bytes: identifies the file. */
  digest: string;
  /** All migrations that the database had. */
  applied: Migration[];
  /** Those that were added since. */
  later: Migration[];
}

/**
 * Reads a whole backup.
 * @throws CommandError, a sentence, if it is no backup, incomplete, damaged, or from a newer version of the program
 */
export async function checkBackup(path: string, progress: Progress, signal?: AbortSignal): Promise<CheckedBackup> {
  const { size } = await Bun.file(path)
    .stat()
    .catch(() => ({ size: 0 }));
  const phase = progress.phase("check", { unit: "MB", total: Math.round(size / 1e6) });
  let [read, shown] = [0, 0];
  const count = (bytes: number) => {
    read += bytes;
    phase.add(Math.round(read / 1e6) - shown);
    shown = Math.round(read / 1e6);
  };
  const found = new Map<string, Uint8Array>();
  for await (const { name, body } of readArchive(path, count)) {
    signal?.throwIfAborted();
    if (name === formatName && isNewer(body)) throw newer(path);
    if (name === formatName || name === contentsName || name === digestName) found.set(name, body);
  }
  phase.done();
  const bodyOf = (name: string) => found.get(name) ?? new Uint8Array();
  const format = parse<Format>(bodyOf(formatName));
  const contents = parse<Contents>(bodyOf(contentsName));
  const digest = new TextDecoder().decode(bodyOf(digestName));
  return { format, contents, digest, ...migrationsOf(format, path) };
}

/** Whether a later version wrote this. It may end in another way, so this is asked before the digest is known. */
function isNewer(format: Uint8Array): boolean {
  try {
    return parse<Format>(format).version > formatVersion;
  } catch {
    return false;
  }
}

const newer = (path: string) =>
  new CommandError(`a newer version of pOTstats wrote ${path}: update pOTstats. Nothing was changed`);

const unknown = (path: string) =>
  new CommandError(`${path} has other tables than pOTstats had at that time. Nothing was changed`);

function migrationsOf({ migration, tables }: Format, path: string): Pick<CheckedBackup, "applied" | "later"> {
  const all = readMigrations();
  const at = all.findIndex(({ tag }) => tag === migration);
  const last = all[at];
  if (!last) throw newer(path);
  if (JSON.stringify(tables) !== JSON.stringify(last.tables)) throw unknown(path);
  return { applied: all.slice(0, at + 1), later: all.slice(at + 1) };
}
