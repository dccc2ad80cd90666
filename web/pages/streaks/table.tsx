import { Show } from "solid-js";
import type { Streaks } from "../../api.ts";
import type { EndlessRows, ServerOrder } from "../../components/endless-rows.ts";
import { EndlessTable } from "../../components/endless-table.tsx";
import { daysText, tinySpanText, weeksText } from "../../components/spans.ts";
import { UserLink } from "../../components/user-link.tsx";
import { number, t, texts } from "../../i18n/index.ts";

const text = texts({
  de: {
    longest: "Längste Serie",
    running: "Laufende Serie",
    pause: "Längste Pause",
    active_days: "Aktive Tage",
    weeks: "Wochen in Folge",
  },
  en: {
    longest: "Longest streak",
    running: "Running streak",
    pause: "Longest pause",
    active_days: "Active days",
    weeks: "Weeks in a row",
  },
});

/** What the API can sort by. */
export const streakColumns = ["longest", "running", "pause", "weeks", "active_days"] as const;

type Column = (typeof streakColumns)[number];
type Span = { from: string; to: string };

/** A number of days or weeks, and when they were below it. */
const Cell = (props: { length: string; span: Span | null }) => (
  <Show when={props.span} fallback="–">
    {(span) => (
      <>
        <span class="line">{props.length}</span>
        <span class="line aliases">{tinySpanText(span())}</span>
      </>
    )}
  </Show>
);

function cellOf(row: Streaks, column: Column) {
  if (column === "weeks") return <Cell length={weeksText(row.weeks?.weeks ?? 0)} span={row.weeks} />;
  if (column !== "active_days") return <Cell length={daysText(row[column]?.days ?? 0)} span={row[column]} />;
  const span = row.first_day === null || row.last_day === null ? null : { from: row.first_day, to: row.last_day };
  return <Cell length={number(row.active_days)} span={span} />;
}

export const StreakTable = (props: {
  list: EndlessRows<Streaks>;
  order: ServerOrder<Column>;
  sortBy: (column: Column) => void;
}) => (
  <EndlessTable
    class="streaks"
    rowHeight={58}
    list={props.list}
    order={props.order}
    sortBy={(column) => props.sortBy(column)}
    columns={[
      { name: t().columns.user, isName: true, cell: (row: Streaks) => <UserLink user={row.user} aliases /> },
      ...streakColumns.map((column) => ({
        name: text()[column],
        sort: column,
        cell: (row: Streaks) => cellOf(row, column),
      })),
    ]}
  />
);
