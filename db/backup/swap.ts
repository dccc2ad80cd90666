/** The last step of a restore: the new tables take the place of the old ones. */
import { setTimeout as sleep } from "node:timers/promises";
import { CommandError } from "@potstats/cli/command";
import type { Progress } from "@potstats/cli/progress";
import { recordMigrations } from "../adopt/in-place.ts";
import { isLockTimeout, type Transaction } from "../connect.ts";
import { createEmpty, derived } from "../derived.ts";
import { giveGrants, readGrants } from "../privileges.ts";
import { everNamed, readMigrations } from "./schema.ts";
import { readOwners } from "./target.ts";

/** How long the swap waits for readers at a time, while others queue behind it. */
const lockTimeout_ms = 2000;
/** How long it waits for them in total. */
const patience_ms = 10 * 60_000;

/**
 * Replaces the tables of `public` by those of another schema, which are at the last migration. Statistics and search index
 * belong to the old ones, so they become empty ones. Owners and privileges are kept; what the old tables lack belongs to the
 * owner of `posts`.
 * @throws CommandError if other transactions use the old tables for too long, or something else depends on them
 */
export async function swap(
  transaction: Transaction,
  schema: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const tables = everNamed((migration) => Object.keys(migration.tables));
  await transaction`set local search_path = public`;
  await lockOldTables(transaction, tables, progress, signal);
  const sequences = everNamed((migration) => migration.sequences);
  const replaced = new Set<string | null>([...tables, ...sequences]);
  const grants = (await readGrants(transaction, "public")).filter(({ name }) => replaced.has(name));
  const owners = await readOwners(transaction);
  await drop(transaction, "table", tables);
  await drop(transaction, "sequence", sequences);
  await drop(
    transaction,
    "type",
    everNamed(({ types }) => types),
  );
  await moveIntoPublic(transaction, schema, owners);
  await giveGrants(transaction, "public", grants);
  for (const name of derived) await createEmpty(transaction, name, owners.get("posts"));
  await recordAll(transaction);
}

/** @throws CommandError if something else depends on them, such as a view of the operator's */
async function drop(transaction: Transaction, kind: "table" | "sequence" | "type", names: string[]): Promise<void> {
  if (names.length === 0) return;
  try {
    await transaction.unsafe(`drop ${kind} if exists ${names.map((name) => `public."${name}"`).join(", ")}`);
  } catch (error) {
    if ((error as { code?: string }).code !== "2BP01") throw error;
    const detail = String((error as { detail?: string }).detail).split("\n")[0];
    throw new CommandError(`${detail}: drop that first, then run this again. The database is as it was before`);
  }
}

/** Moves tables, with their indexes and the sequences that they own, and then the rest. Gives each to its owner. */
async function moveIntoPublic(transaction: Transaction, schema: string, owners: Map<string, string>): Promise<void> {
  const relations = (kind: string) => transaction<{ name: string }[]>`
    select relname as name from pg_class where relkind = ${kind} and relnamespace = to_regnamespace(${schema})`;
  const types = () => transaction<{ name: string }[]>`
    select typname as name from pg_type where typtype = 'e' and typnamespace = to_regnamespace(${schema})`;
  for (const [kind, list] of [
    ["table", () => relations("r")],
    ["sequence", () => relations("S")],
    ["type", types],
  ] as const)
    for (const { name } of await list()) {
      await transaction.unsafe(`alter ${kind} ${schema}."${name}" set schema public`);
      const owner = owners.get(name) ?? owners.get("posts");
      if (owner) await transaction.unsafe(`alter ${kind} public."${name}" owner to ${owner}`);
    }
  await transaction.unsafe(`drop schema ${schema}`);
}

/**
 * Locks the old tables. Other transactions wait for two seconds at most while this one waits for those that use a table.
 * @throws CommandError if they are in use for too long
 */
async function lockOldTables(transaction: Transaction, known: string[], progress: Progress, signal: AbortSignal) {
  const tables = await transaction<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname in ('baked', 'search') or (schemaname = 'public' and tablename = any(${known})) order by 1`;
  if (tables.length === 0) return;
  const statement = `lock table ${tables.map(({ name }) => name).join(", ")} in access exclusive mode`;
  let isReported = false;
  for (const until = performance.now() + patience_ms; ; await sleep(500)) {
    signal.throwIfAborted();
    try {
      await transaction.savepoint(async (attempt) => {
        await attempt.unsafe(`set local lock_timeout = ${lockTimeout_ms}; ${statement}`);
      });
      break;
    } catch (error) {
      if (!isLockTimeout(error) && (error as { code?: string }).code !== "40P01") throw error;
      if (performance.now() > until)
        throw new CommandError(
          "other transactions still use the old tables: end them and run this again. The database is as it was before",
        );
      if (!isReported) progress.note("waiting for transactions that use the old tables");
      isReported = true;
    }
  }
  await transaction`set local lock_timeout = 0`;
}

/** Replaces drizzle's list of applied migrations. */
async function recordAll(transaction: Transaction): Promise<void> {
  await recordMigrations(transaction, []);
  await transaction`delete from drizzle.__drizzle_migrations`;
  await recordMigrations(transaction, readMigrations());
}
