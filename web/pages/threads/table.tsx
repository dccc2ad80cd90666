import { Show } from "solid-js";
import type { Threads } from "../../api.ts";
import { useBoardNames } from "../../components/board-names.ts";
import type { EndlessRows, ServerOrder } from "../../components/endless-rows.ts";
import { EndlessTable } from "../../components/endless-table.tsx";
import { ThreadLink, threadTitle } from "../../components/thread-link.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useFilters } from "../../filters.ts";
import { duration, number, shortDay, t, texts } from "../../i18n/index.ts";
import { localDay } from "../../today.ts";

const text = texts({
  de: {
    opened: "Eröffnet",
    participants: "Teilnehmer",
    first_reply_s: "Erste Antwort",
    lifetime_s: "Lebensdauer",
    half_life_s: "Halbwertszeit",
    longest_silence_s: "Längste Stille",
    times_quoted: "Zitiert",
  },
  en: {
    opened: "Started",
    participants: "Participants",
    first_reply_s: "First reply",
    lifetime_s: "Lifetime",
    half_life_s: "Half-life",
    longest_silence_s: "Longest silence",
    times_quoted: "Quoted",
  },
});

/** What the API can sort by. */
export const threadColumns = [
  "post_count",
  "participants",
  "opened",
  "first_reply_s",
  "lifetime_s",
  "half_life_s",
  "longest_silence_s",
  "times_quoted",
] as const;

type Row = Threads["rows"][number];
type Column = (typeof threadColumns)[number];

/** A thread without such a value has none in that column, and is left out when it is sorted by it. */
function cellOf(row: Row, column: Column): string {
  const value = row[column];
  if (value === null) return "–";
  if (column === "opened") return shortDay(localDay(value));
  return column.endsWith("_s") ? duration(value) : number(value);
}

export function ThreadTable(props: {
  list: EndlessRows<Row>;
  order: ServerOrder<Column>;
  sortBy: (column: Column) => void;
}) {
  const filters = useFilters();
  const boardName = useBoardNames();
  const name = (row: Row) => (
    <>
      <span class="title" title={[threadTitle(row.thread), row.thread.subtitle].filter(Boolean).join(" – ")}>
        <ThreadLink thread={row.thread} />
      </span>
      <span class="line aliases">
        <UserLink user={row.user} />
        <Show when={boardName(row.bid)}>
          {(board) => (
            <>
              {" · "}
              <a lang="de" href={filters.link("/threads", { bid: String(row.bid) })}>
                {board()}
              </a>
            </>
          )}
        </Show>
      </span>
    </>
  );
  return (
    <EndlessTable
      class="threads"
      rowHeight={76}
      list={props.list}
      order={props.order}
      sortBy={(column) => props.sortBy(column)}
      columns={[
        { name: t().columns.thread, isName: true, cell: name },
        ...threadColumns.map((column) => ({
          name: column === "post_count" ? t().statistics.post_count : text()[column],
          sort: column,
          cell: (row: Row) => cellOf(row, column),
        })),
      ]}
    />
  );
}
