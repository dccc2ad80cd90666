/** Writes tables as CSV, NDJSON and Parquet, a batch of rows at a time. */
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { once } from "node:events";
import { join } from "node:path";
import { constants, zstdCompressSync } from "node:zlib";
import type { Phase } from "@potstats/cli/progress";
import type { Sql, Transaction } from "@potstats/db/connect";
import { type BasicType, fileWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";

export const formats = ["csv", "ndjson", "parquet"] as const;
export type Format = (typeof formats)[number];

/** Crawled tables that an export has. Texts of posts, profile pages and the crawler's own state are left out. */
const crawled = ["avatars", "boards", "categories", "posts", "threads", "user_tiers", "users"];

/** Rows in memory at a time, and in each group of a Parquet file. */
const batchSize = 20_000;

type Kind = "boolean" | "int" | "bigint" | "float" | "json" | "text";

interface Column {
  name: string;
  kind: Kind;
}

const kinds: Partial<Record<string, Kind>> = {
  bool: "boolean",
  int2: "int",
  int4: "int",
  int8: "bigint",
  float4: "float",
  float8: "float",
  json: "json",
  jsonb: "json",
};

const parquetTypes: Record<Kind, BasicType> = {
  boolean: "BOOLEAN",
  int: "INT32",
  bigint: "INT64",
  float: "DOUBLE",
  json: "STRING",
  text: "STRING",
};

interface Table {
  schema: string;
  name: string;
  columns: Column[];
}

/** The tables with their columns. @returns in alphabetical order */
async function findTables(sql: Sql | Transaction): Promise<Table[]> {
  const rows = await sql<{ schema: string; name: string; column: string; type: string }[]>`
    select table_schema as schema, table_name as name, column_name as column, udt_name as type
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_type = 'BASE TABLE'
      and (table_schema = 'baked' or table_schema = 'public' and table_name in ${sql(crawled)})
    order by table_schema, table_name, ordinal_position`;
  const tables = Map.groupBy(rows, ({ schema, name }) => `${schema}.${name}`);
  return [...tables.values()].map((columns) => ({
    schema: columns[0]?.schema ?? "",
    name: columns[0]?.name ?? "",
    columns: columns.map(({ column, type }) => ({
      name: column,
      // The names of array types begin with an underscore.
      kind: type.startsWith("_") ? "json" : (kinds[type] ?? "text"),
    })),
  }));
}

/** Every value as PostgreSQL writes it, which loses nothing; arrays as JSON. */
const selectOf = ({ schema, name, columns }: Table): string => {
  const values = columns.map(({ name: column, kind }) =>
    kind === "json" ? `to_json("${column}")::text` : `"${column}"::text`,
  );
  return `select ${values.join(", ")} from "${schema}"."${name}"`;
};

type Row = (string | null)[];

/** A file being written. */
interface Sink {
  write(rows: Row[]): Promise<void> | void;
  close(): Promise<void> | void;
}

/** Lines of text, as fast as the disk takes them. */
function lineSink(path: string, lineOf: (row: Row) => string, head = ""): Sink {
  const stream = createWriteStream(path);
  stream.write(head);
  return {
    write: async (rows) => {
      if (!stream.write(rows.map(lineOf).join(""))) await once(stream, "drain");
    },
    close: async () => {
      stream.end();
      await once(stream, "finish");
    },
  };
}

/** NULL is empty, an empty text is `""`, as in PostgreSQL's own CSV. Nothing is escaped for spreadsheets: it is data. */
const csvField = (value: string | null): string => {
  if (value === null) return "";
  return value === "" || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
};

const csvLine = (row: Row) => `${row.map(csvField).join(",")}\n`;

const isFinite = (text: string) => !/^-?(?:Infinity|NaN)$/.test(text);

function jsonValue(value: string | null, kind: Kind): string {
  if (value === null) return "null";
  if (kind === "text" || (kind === "float" && !isFinite(value))) return JSON.stringify(value);
  // Numbers of any size, and JSON, as they are.
  return value;
}

const jsonLine =
  (columns: Column[]) =>
  (row: Row): string =>
    `{${columns.map(({ name, kind }, at) => `${JSON.stringify(name)}:${jsonValue(row[at] ?? null, kind)}`).join(",")}}\n`;

function parquetValue(value: string | null, kind: Kind): unknown {
  if (value === null) return null;
  if (kind === "boolean") return value === "true";
  if (kind === "bigint") return BigInt(value);
  return kind === "int" || kind === "float" ? Number(value) : value;
}

/** Two thirds of the bytes that the writer's own Snappy needs. */
const compress = (bytes: Uint8Array) =>
  zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 12 } });

function parquetSink(path: string, columns: Column[]): Sink {
  const dataOf = (rows: Row[]) =>
    columns.map(({ name, kind }, at) => ({
      name,
      type: parquetTypes[kind],
      nullable: true,
      data: rows.map((row) => parquetValue(row[at] ?? null, kind)),
    }));
  const schema = schemaFromColumnData({ columnData: dataOf([]) });
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema,
    codec: "ZSTD",
    compressors: { ZSTD: compress },
    createdBy: "pOTstats",
  });
  return {
    write: (rows) => void writer.write({ columnData: dataOf(rows), rowGroupSize: batchSize }),
    close: () => void writer.finish(),
  };
}

const sinks: Record<Format, (path: string, columns: Column[]) => Sink> = {
  csv: (path, columns) => lineSink(path, csvLine, csvLine(columns.map(({ name }) => name))),
  ndjson: (path, columns) => lineSink(path, jsonLine(columns)),
  parquet: parquetSink,
};

/**
 * Writes every table in every format, from one snapshot: `<folder>/<schema>/<table>.<format>`.
 * @returns the number of tables
 */
export async function writeTables(
  sql: Sql,
  options: { folder: string; formats: readonly Format[]; phase: Phase; signal: AbortSignal },
): Promise<number> {
  const { folder, phase, signal } = options;
  return (await sql.begin("isolation level repeatable read read only", async (transaction) => {
    const tables = await findTables(transaction);
    for (const table of tables) {
      phase.detail(`${table.schema}.${table.name}`);
      await mkdir(join(folder, table.schema), { recursive: true });
      const files = options.formats.map((format) =>
        sinks[format](join(folder, table.schema, `${table.name}.${format}`), table.columns),
      );
      const rows = transaction.unsafe(selectOf(table)).values().cursor(batchSize);
      for await (const batch of rows) {
        signal.throwIfAborted();
        for (const file of files) await file.write(batch as unknown as Row[]);
        phase.add(batch.length);
      }
      for (const file of files) await file.close();
    }
    return tables.length;
  })) as number;
}
