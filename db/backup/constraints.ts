/** Keys and indexes of a schema: rows load several times faster without them. */
import type { Transaction } from "../connect.ts";

/**
 * Drops all foreign keys, keys and indexes of a schema. Checks and NOT NULL stay.
 * @returns the statements that create them again, in an order that works
 */
export async function dropConstraints(transaction: Transaction, schema: string): Promise<string[]> {
  const constraints = await transaction<{ table: string; name: string; definition: string; isForeign: boolean }[]>`
    select conrelid::regclass::text as table, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition,
           contype = 'f' as "isForeign"
    from pg_constraint where connamespace = to_regnamespace(${schema}) and contype in ('f', 'p', 'u', 'x')
    order by contype = 'f', conrelid::regclass::text, conname`;
  const indexes = await transaction<{ name: string; definition: string }[]>`
    select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
    from pg_index join pg_class on pg_class.oid = indexrelid
    where relnamespace = to_regnamespace(${schema})
      and not exists (select 1 from pg_constraint where conindid = indexrelid and contype in ('p', 'u', 'x'))
    order by 1`;
  // Foreign keys first: they need the keys that they refer to.
  for (const { table, name } of constraints.toReversed())
    await transaction.unsafe(`alter table ${table} drop constraint ${name}`);
  for (const { name } of indexes) await transaction.unsafe(`drop index ${name}`);
  const add = ({ table, name, definition }: (typeof constraints)[number]) =>
    `alter table ${table} add constraint ${name} ${definition}`;
  return [
    ...constraints.filter(({ isForeign }) => !isForeign).map(add),
    ...indexes.map(({ definition }) => definition),
    ...constraints.filter(({ isForeign }) => isForeign).map(add),
  ];
}
