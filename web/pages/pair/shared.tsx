import type { Cell } from "@potstats/csv/write";
import { type JSX, Show } from "solid-js";
import type { Pair } from "../../api.ts";
import { below } from "../../base.ts";
import { Card } from "../../components/card.tsx";
import { saveCsv } from "../../components/download.ts";
import { FoldedTable } from "../../components/table-card.tsx";
import type { Column } from "../../components/table.tsx";
import { ThreadLink } from "../../components/thread-link.tsx";
import { displayName } from "../../display-name.ts";
import { number, t, texts } from "../../i18n/index.ts";

const text = texts({
  de: {
    threads: "Threads, in denen beide schrieben",
    boards: "Foren, in denen beide schrieben",
    noThreads: "Die beiden haben nie in denselben Thread geschrieben.",
    noBoards: "Die beiden haben nie in dasselbe Forum geschrieben.",
    first: (shown: number, all: number) =>
      `Die ersten ${number(shown)} von ${number(all)}, nach der kleineren der beiden Zahlen.`,
    order: "Nach der kleineren der beiden Zahlen.",
  },
  en: {
    threads: "Threads in which both wrote",
    boards: "Boards in which both wrote",
    noThreads: "These two have never written in the same thread.",
    noBoards: "These two have never written in the same board.",
    first: (shown, all) => `The first ${number(shown)} of ${number(all)}, by the smaller of the two numbers.`,
    order: "By the smaller of the two numbers.",
  },
});

/** Boards shown at first. */
const firstBoards = 10;

interface Both {
  user: number;
  with: number;
}

/** The posts of each, with links to them. */
function bothColumns<Row extends Both>(pair: Pair, href: (row: Row, uid: number) => string): Column<Row>[] {
  return (["user", "with"] as const).map((side) => ({
    name: displayName(pair[side].user),
    isNumber: true,
    value: (row) => row[side],
    cell: (row) => <a href={href(row, pair[side].user.uid)}>{number(row[side])}</a>,
  }));
}

/** The threads where both wrote most. */
export const SharedThreads = (props: { pair: Pair }) => (
  <Shared
    title={text().threads}
    none={text().noThreads}
    hint={text().first(props.pair.threads.length, props.pair.shared_threads)}
    name={`pair-threads-${props.pair.user.user.uid}-${props.pair.with.user.uid}`}
    rows={props.pair.threads}
    columns={[
      { name: t().columns.thread, isHeader: true, cell: ({ thread }) => <ThreadLink thread={thread} subtitle /> },
      ...bothColumns<Pair["threads"][number]>(props.pair, ({ thread }, uid) =>
        below(`/search?${new URLSearchParams({ q: `thread:${thread.tid}`, uid: String(uid) })}`),
      ),
    ]}
    csv={() => [
      ["tid", "title", displayName(props.pair.user.user), displayName(props.pair.with.user)],
      ...props.pair.threads.map((row) => [row.thread.tid, row.thread.title, row.user, row.with]),
    ]}
  />
);

/** All boards where both wrote. */
export const SharedBoards = (props: { pair: Pair }) => (
  <Shared
    title={text().boards}
    none={text().noBoards}
    hint={text().order}
    name={`pair-boards-${props.pair.user.user.uid}-${props.pair.with.user.uid}`}
    rows={props.pair.boards}
    columns={[
      {
        name: t().columns.board,
        isHeader: true,
        cell: ({ bid, name }) => (
          <a lang="de" class="phrase" href={below(`/?bid=${bid}`)}>
            {name}
          </a>
        ),
      },
      ...bothColumns<Pair["boards"][number]>(props.pair, ({ bid }, uid) => below(`/users/${uid}?bid=${bid}`)),
    ]}
    csv={() => [
      ["bid", "board", displayName(props.pair.user.user), displayName(props.pair.with.user)],
      ...props.pair.boards.map((row) => [row.bid, row.name, row.user, row.with]),
    ]}
  />
);

function Shared<Row>(props: {
  title: string;
  none: string;
  hint: string;
  name: string;
  rows: Row[];
  columns: Column<Row>[];
  csv: () => Cell[][];
}): JSX.Element {
  return (
    <Card
      title={props.title}
      tools={
        <div class="tools">
          <button type="button" class="button quiet" onClick={() => saveCsv(props.name, props.csv())}>
            CSV
          </button>
        </div>
      }
    >
      <Show when={props.rows.length > 0} fallback={<p class="aliases">{props.none}</p>}>
        <FoldedTable caption={props.title} rows={props.rows} columns={props.columns} firstRows={firstBoards} />
        <p class="hint">{props.hint}</p>
      </Show>
    </Card>
  );
}
