import type { Resource } from "solid-js";
import type { Filter } from "../pages.ts";
import { Card } from "./card.tsx";
import { Empty, Loaded } from "./loaded.tsx";
import { CsvLink } from "./page.tsx";
import { type Column, Table } from "./table.tsx";

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
}) => (
  <Card title={props.title} ignores={props.ignores} tools={<CsvLink path={props.csv.path} query={props.csv.query} />}>
    <Loaded resource={props.resource} refetch={props.refetch} height={props.height}>
      {(data) => (
        <Empty when={data().rows.length === 0}>
          <Table
            caption={props.title}
            rows={data().rows}
            columns={props.columns}
            sortName={data().rows.length < (props.limit ?? 0) ? props.sortName : undefined}
          />
        </Empty>
      )}
    </Loaded>
  </Card>
);
