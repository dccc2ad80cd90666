/** The crawled tables as each migration leaves them, from drizzle's snapshots. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type MigrationMeta, readMigrationFiles } from "drizzle-orm/migrator";
import { migrationsFolder } from "../migrate.ts";
import journal from "../migrations/meta/_journal.json" with { type: "json" };

/** A migration, and the schema `public` after it. */
export interface Migration extends MigrationMeta {
  /** Its file's name, such as "0003_patrol". */
  tag: string;
  /** Tables with their columns. */
  tables: Record<string, string[]>;
  /** Sequences, those of serial columns included. */
  sequences: string[];
  /** Enumerated types. */
  types: string[];
}

interface Snapshot {
  tables: Record<string, { name: string; columns: Record<string, { name: string; type: string }> }>;
  sequences: Record<string, { name: string }>;
  enums: Record<string, { name: string }>;
}

/** All migrations in order. */
export function readMigrations(): Migration[] {
  const files = readMigrationFiles({ migrationsFolder });
  return journal.entries.flatMap(({ idx, tag, when }) => {
    const file = files.find(({ folderMillis }) => folderMillis === when);
    return file ? [{ ...file, tag, ...schemaOf(readSnapshot(idx)) }] : [];
  });
}

/** The names of something that any version has had. */
export const everNamed = (of: (migration: Migration) => string[]): string[] => [
  ...new Set(readMigrations().flatMap(of)),
];

const readSnapshot = (idx: number): Snapshot =>
  JSON.parse(
    readFileSync(join(migrationsFolder, "meta", `${String(idx).padStart(4, "0")}_snapshot.json`), "utf8"),
  ) as Snapshot;

function schemaOf(snapshot: Snapshot): Pick<Migration, "tables" | "sequences" | "types"> {
  const tables = Object.values(snapshot.tables).map(({ name, columns }) => ({
    name,
    columns: Object.values(columns),
  }));
  const serials = tables.flatMap(({ name, columns }) =>
    columns.filter(({ type }) => type.endsWith("serial")).map((column) => `${name}_${column.name}_seq`),
  );
  return {
    tables: Object.fromEntries(tables.map(({ name, columns }) => [name, columns.map((column) => column.name)])),
    sequences: [...Object.values(snapshot.sequences).map(({ name }) => name), ...serials],
    types: Object.values(snapshot.enums).map(({ name }) => name),
  };
}
