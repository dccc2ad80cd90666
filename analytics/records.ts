/**
 * Histories of records. An item is what may break a record: a day, a thread, a post. A history holds the items that are
 * larger than all before them.
 *
 * A changed item changes a history only where it was or becomes part of it. So an incremental run merges the histories
 * with the new values of the changed items. Only if an item of a history became smaller or vanished, others may take its
 * place: then the items of that record and board are all read again.
 */
import { columnsOf, createNext, replaceAll } from "./maintain.ts";
import { type Declared } from "./statistic.ts";
import { ifAny, type Steps } from "./steps.ts";

/** The columns that order the items of a record in time. Of several items at a moment, the largest counts. */
type Moment = "day" | "unix_s, pid";

/**
 * The items of one record that broke it, per board.
 * @param items a query for rows (bid, value, …moment, …), at most one per board and moment
 */
export const historyOf = (items: string, moment: Moment) => broken(items, "bid", moment);

/**
 * The items of all records that broke them.
 * @param items a query for rows (record, bid, value, …moment, …)
 * @param holder breaks ties between equal values at a moment
 */
export const historiesOf = (items: string, moment: Moment, holder = "") =>
  broken(items, "record, bid", `${moment}, value desc${holder && `, ${holder}`}`);

const broken = (items: string, history: string, order: string) => `
  select *
  from (
    select *, max(value) over (
      partition by ${history} order by ${order} rows between unbounded preceding and 1 preceding
    ) as former
    from (${items}) item
  ) item_and_former
  where value > coalesce(former, 0)`;

/** One number for a value and its holder: the larger, the larger the value, then the smaller the id of the holder. */
export const packed = (value: string, id: string) => `((${value})::bigint << 32) - (${id} + 2147483648)`;
export const packedValue = (number: string) => `((${number} + 4294967295) >> 32)`;
export const packedId = (number: string) => `((${packedValue(number)} << 32) - ${number} - 2147483648)`;

/** Monday of the week, first day of the month and of the year. The year 1 begins on a Monday. */
const mondayOf = (day: string) => `(${day} - (${day} - date '0001-01-01') % 7)`;
export const periods = [
  { unit: "day", beginning: (day: string) => day, end: (from: string) => `${from} + 1` },
  { unit: "week", beginning: mondayOf, end: (from: string) => `${from} + 7` },
  {
    unit: "month",
    beginning: (day: string) => `(${day} - date_part('day', ${day})::int + 1)`,
    end: (from: string) => `(${from} + interval '1 month')::date`,
  },
  {
    unit: "year",
    beginning: (day: string) => `(${day} - date_part('doy', ${day})::int + 1)`,
    end: (from: string) => `(${from} + interval '1 year')::date`,
  },
] as const;

interface RecordQueries {
  moment: Moment;
  /** Further columns that tell items at the same moment apart. */
  holder?: string;
  /** The columns by which `changed` tells which items of the histories changed. */
  identity: readonly string[];
  /** A query for the identities of all items that changed, in an incremental run. */
  changed: string;
  /** A query for those that exist now. `baked_next.changed_…` has the identities. */
  now: string;
  /** A query for all items now. */
  all: (only: Only) => string;
}

/** SQL for whether the items of a record are needed, in a board that a column or `0` tells. */
export type Only = (record: string, bid: string) => string;

/** In a full run all items are needed. */
export const allItems: Only = () => "true";

/** SQL for whether an item of a board is needed: for that board or for all boards together. */
export const forEither = (only: Only, record: string, bid: string) =>
  [only(record, "0"), only(record, bid)].includes("true") ? "true" : `(${only(record, "0")} or ${only(record, bid)})`;

/** Merges the histories with changed items. */
export const mergeRecords =
  ({ moment, holder = "", identity, changed, now, all }: RecordQueries) =>
  ({ table, query }: Declared): Steps => {
    const { name, keys, values } = columnsOf(table);
    const changes = `baked_next.changed_${name}`;
    const items = `baked_next.items_${name}`;
    const diminished = `baked_next.diminished_${name}`;
    const columns = [...keys, ...values].join(", ");
    const same = ["record", "bid", ...moment.split(", "), ...(holder ? [holder] : [])];
    const only: Only = (record, bid) =>
      bid === "0"
        ? `exists (select from ${diminished} where record = '${record}' and bid = 0)`
        : `${bid} in (select bid from ${diminished} where record = '${record}')`;
    const isChanged = `exists (
      select from ${changes} changed where ${identity.map((column) => `changed.${column} = old.${column}`).join(" and ")}
    )`;
    const merged = `
      select ${columns} from baked.${name} old where not ${isChanged} union all select ${columns} from ${items}`;
    return {
      changes: [],
      prepare: [
        `create table ${changes} as ${changed}`,
        `analyze ${changes}`,
        ...ifAny(
          [changes],
          [
            `create table ${items} as ${now}`,
            `create table ${diminished} as
          select distinct record, bid from baked.${name} old
          where ${isChanged} and not exists (
            select from ${items} new
            where ${same.map((column) => `new.${column} = old.${column}`).join(" and ")} and new.value >= old.value
          )`,
          ],
        ),
        ...ifAny(
          [changes, diminished],
          [
            `insert into ${items} (${columns}) select ${columns}
          from (${all(only)}) item where (record, bid) in (select record, bid from ${diminished})`,
          ],
        ),
        ...ifAny(
          [changes],
          createNext(table, { ...query(), from: `(${historiesOf(merged, moment, holder)}) history` }),
        ),
      ],
      apply: ifAny([changes], replaceAll(table)),
    };
  };
