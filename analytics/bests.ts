/**
 * Tables that hold only the best item of each group, such as the thread with the most posts of a year.
 *
 * An incremental run compares the best items with the new values of the changed ones. Only if a best item became worse or
 * vanished, another may take its place: then all items of its group are read again.
 */
import { columnsOf, createNext, replaceGroups } from "./maintain.ts";
import { type Declared, same, type Steps } from "./statistic.ts";

interface BestQueries {
  /** The column that ranks items, the largest first. */
  value: string;
  /** Of equal values the smallest of these wins. With the table's key they identify an item. */
  ties: readonly string[];
  /** The columns by which `changed` tells which items changed. */
  identity: readonly string[];
  /** A query for the identities of all items that changed, in an incremental run. */
  changed: string;
  /** A query for those that exist now, from a table of their identities. */
  now: (identities: string) => string;
  /** A query for all items now of some groups: a table of their keys. */
  all: (groups: string) => string;
}

const equal = (left: string, right: string, columns: readonly string[]) =>
  columns.map((column) => `${left}.${column} = ${right}.${column}`).join(" and ");

/** Compares the best items with the changed ones. */
export const mergeBests =
  ({ value, ties, identity, changed, now, all }: BestQueries) =>
  ({ table }: Declared): Steps => {
    const { name, keys, values } = columnsOf(table);
    const [groups, identities] = [`baked_next.changed_${name}`, `baked_next.changed_${name}_items`];
    const [items, diminished] = [`baked_next.items_${name}`, `baked_next.diminished_${name}`];
    const key = keys.join(", ");
    const columns = [...keys, ...values].join(", ");
    const isChanged = `exists (select from ${identities} changed where ${equal("changed", "old", identity)})`;
    const best = `(
      select distinct on (${key}) ${columns}
      from (
        select ${columns} from baked.${name} old
        where (${key}) in (select ${key} from ${groups}) and not ${isChanged}
        union all select ${columns} from ${items}
        union all select ${columns} from (${all(diminished)}) item
      ) item
      order by ${key}, ${value} desc, ${ties.join(", ")}
    ) best`;
    return {
      changes: [],
      prepare: [
        `create table ${identities} as ${changed}`,
        `analyze ${identities}`,
        `create table ${items} as ${now(identities)}`,
        `create table ${groups} as
        select ${key} from baked.${name} old where ${isChanged} union select ${key} from ${items}`,
        `create table ${diminished} as
        select ${key} from baked.${name} old
        where ${isChanged} and not exists (
          select from ${items} new where ${equal("new", "old", [...keys, ...ties])} and new.${value} >= old.${value}
        )`,
        `analyze ${items}`,
        `analyze ${groups}`,
        `analyze ${diminished}`,
        ...createNext(table, { columns: same(...keys, ...values), from: best }),
      ],
      apply: replaceGroups(table, keys),
    };
  };
