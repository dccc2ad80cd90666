import { type Selection, type Sql, type UserColumns, userOf } from "./context.ts";

export const orderColumns = [
  "post_count",
  "edit_count",
  "avg_post_length",
  "threads_created",
  "quoted_count",
  "quotes_count",
] as const;
export type OrderColumn = (typeof orderColumns)[number];

export interface Following {
  uid: number;
  /** Value of the sort column in the last row the client has. */
  value: number;
}

type Row = UserColumns & Record<OrderColumn, number>;

/** Rows of one page and whether there is another. Ties are in order of uid, ascending in both directions. */
export async function posterStats(
  sql: Sql,
  selection: Selection,
  page: { order: "asc" | "desc"; order_by: OrderColumn; limit: number; following?: Following | undefined },
) {
  const { order, order_by, limit, following } = page;
  const column = sql(order_by);
  const direction = order === "asc" ? sql`asc` : sql`desc`;
  const slice = sql`from baked.poster_stats where year = ${selection.year} and bid = ${selection.bid}`;
  const ordered = sql`order by ${column} ${direction}, uid limit ${limit + 1}`;
  // After the last row come its ties with a higher uid, then everything beyond: two index look-ups.
  const rows = await sql<Row[]>`
    select u.uid, u.name, u.aliases, s.post_count, s.edit_count, s.avg_post_length, s.threads_created, s.quoted_count, s.quotes_count
    from (${
      following === undefined
        ? sql`select * ${slice} ${ordered}`
        : sql`select * from (
            (select * ${slice} and ${column} = ${Math.trunc(following.value)}::bigint and ${Number.isInteger(following.value)} and uid > ${following.uid} order by uid limit ${limit + 1})
            union all
            (select * ${slice} and ${beyond(sql, order_by, order, following.value)} ${ordered})
          ) following ${ordered}`
    }) s
    join baked.users u using (uid)
    order by s.${column} ${direction}, u.uid`;
  const shown = rows.slice(0, limit).map(({ uid, name, aliases, ...numbers }) => ({
    User: userOf({ uid, name, aliases }),
    ...numbers,
  }));
  return { rows: shown, more: rows.length > limit };
}

/** `column` beyond `value` in the order's direction; the value may be a fraction, and larger than any column holds. */
function beyond(sql: Sql, order_by: OrderColumn, order: "asc" | "desc", value: number) {
  return order === "asc"
    ? sql`${sql(order_by)} > ${Math.floor(value)}::bigint`
    : sql`${sql(order_by)} < ${Math.ceil(value)}::bigint`;
}
