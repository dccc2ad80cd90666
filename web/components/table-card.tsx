import { useSearchParams } from "@solidjs/router";
import { type Resource, Show } from "solid-js";
import { number, texts } from "../i18n/index.ts";
import type { Filter } from "../pages.ts";
import { single } from "../parameters.ts";
import { Card } from "./card.tsx";
import { Empty, Loaded } from "./loaded.tsx";
import { CsvLink } from "./page.tsx";
import { type Column, Table } from "./table.tsx";

const text = texts({
  de: { all: (count: number) => `Alle ${number(count)} Zeilen zeigen` },
  en: { all: (count) => `Show all ${number(count)} rows` },
});

/** A card with the table of one request, and a link to it as a file. */
export const TableCard = <Row,>(props: {
  title: string;
  resource: Resource<{ rows: Row[] }>;
  refetch: () => void;
  /** While it is being loaded. */
  height: string;
  columns: Column<Row>[];
  /** Filters of the page that do not hold for the table. */
  ignores?: readonly Filter[];
  /** Lets the table be sorted, if all rows are loaded: fewer than `limit`. */
  sortName?: string;
  limit?: number;
  /** What the file contains: an endpoint, and its parameters. */
  csv: { path: string; query: Record<string, string> };
  /** Shows only so many rows at first. */
  firstRows?: number;
}) => (
  <Card title={props.title} ignores={props.ignores} tools={<CsvLink path={props.csv.path} query={props.csv.query} />}>
    <Loaded resource={props.resource} refetch={props.refetch} height={props.height}>
      {(data) => (
        <Empty when={data().rows.length === 0}>
          <FoldedTable
            caption={props.title}
            rows={data().rows}
            columns={props.columns}
            firstRows={props.firstRows ?? Infinity}
            sortName={data().rows.length < (props.limit ?? 0) ? props.sortName : undefined}
          />
        </Empty>
      )}
    </Loaded>
  </Card>
);

/** The first rows of a table, until the reader wants all. The URL says so, so that going back finds the same rows. */
export function FoldedTable<Row>(props: {
  caption: string;
  rows: Row[];
  columns: Column<Row>[];
  firstRows: number;
  sortName?: string | undefined;
}) {
  const [parameters, setParameters] = useSearchParams();
  const isFolded = () => props.rows.length > props.firstRows && single(parameters["rows"]) !== "all";
  return (
    <>
      <Table
        caption={props.caption}
        rows={props.rows}
        columns={props.columns}
        sortName={props.sortName}
        maxRows={isFolded() ? props.firstRows : undefined}
      />
      <Show when={isFolded()}>
        <button
          type="button"
          class="button"
          onClick={() => setParameters({ rows: "all" }, { replace: true, scroll: false })}
        >
          {text().all(props.rows.length)}
        </button>
      </Show>
    </>
  );
}
