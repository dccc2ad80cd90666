/** How what changed posts add, in `baked_next`, is added to the statistics in `baked`. */
import * as bakedTables from "@potstats/db/baked";
import { getTableConfig, type PgTable } from "drizzle-orm/pg-core";
import { average } from "./poster-stats.ts";

/** Tables whose numbers add up, and the number without which a row has no reason to be. */
const added: [PgTable, string][] = [
  [bakedTables.userDays, "post_count"],
  [bakedTables.posterStats, "post_count"],
  [bakedTables.yearlyStats, "post_count"],
  [bakedTables.dailyStats, "post_count"],
  [bakedTables.weekdayStats, "post_count"],
  [bakedTables.hourlyStats, "post_count"],
  [bakedTables.quoteGraph, "count"],
  [bakedTables.userDomains, "count"],
  [bakedTables.domains, "count"],
];

function merge(table: PgTable, reason: string): string[] {
  const { name, columns, primaryKeys } = getTableConfig(table);
  const keys = primaryKeys.flatMap((key) => key.columns.map((column) => column.name));
  const isAverage = (column: string) => column === "avg_post_length";
  const values = columns.map((column) => column.name).filter((column) => !keys.includes(column));
  const sums = values.filter((column) => !isAverage(column));
  const now = (column: string) => `t.${column} + excluded.${column}`;
  const updates = values.map((column) =>
    isAverage(column) ? `${column} = ${average(now("posts_length"), now("post_count"))}` : `${column} = ${now(column)}`,
  );
  return [
    `insert into baked.${name} as t (${[...keys, ...values].join(", ")})
    select ${[...keys, ...values.map((column) => (isAverage(column) ? average("sum(posts_length)", "sum(post_count)") : `sum(${column})`))].join(", ")}
    from baked_next.${name}
    group by ${keys.join(", ")}
    having ${sums.map((column) => `sum(${column}) <> 0`).join(" or ")}
    on conflict (${keys.join(", ")}) do update set ${updates.join(", ")}`,
    `delete from baked.${name} t using baked_next.${name} change
    where ${keys.map((key) => `t.${key} = change.${key}`).join(" and ")} and t.${reason} = 0`,
  ];
}

/** Statements that bring every such table up to date. */
export const merges = added.map(([table, reason]) => ({
  table: getTableConfig(table).name,
  statements: merge(table, reason),
}));
