import type { Resource } from "solid-js";
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
  /** What the file contains: an endpoint, and its parameters. */
  csv: { path: string; query: Record<string, string> };
}) => (
  <Card title={props.title} tools={<CsvLink path={props.csv.path} query={props.csv.query} />}>
    <Loaded resource={props.resource} refetch={props.refetch} height={props.height}>
      {(data) => (
        <Empty when={data().rows.length === 0}>
          <Table caption={props.title} rows={data().rows} columns={props.columns} />
        </Empty>
      )}
    </Loaded>
  </Card>
);
