import { useSearchParams } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import { single } from "../parameters.ts";
import { type Order, orderOf, orderText, sorted } from "./table-order.ts";

export interface Column<Row> {
  name: string;
  /** Aligns the column right. */
  isNumber?: boolean;
  /** Whether the cells are row headers. */
  isHeader?: boolean;
  /** A bar beside the number, hidden on narrow screens. */
  isShare?: boolean;
  /** Never wraps: a year or a date. */
  isShort?: boolean;
  /** What the rows are sorted by when the column's name is clicked. */
  value?: (row: Row) => number | string;
  cell: (row: Row, index: number) => JSX.Element;
}

const classes = <Row,>({ isNumber = false, isShare = false, isShort = false }: Column<Row>) => ({
  number: isNumber,
  "share-column": isShare,
  short: isShort,
});

/** The order of a table, kept in the URL. */
function useOrder(name: () => string | undefined) {
  const [parameters, setParameters] = useSearchParams();
  const parameter = () => `sort-${name() ?? ""}`;
  return {
    order: (): Order | undefined => (name() === undefined ? undefined : orderOf(single(parameters[parameter()]))),
    set: (order: Order) => setParameters({ [parameter()]: orderText(order) }, { replace: true, scroll: false }),
  };
}

/** A table. If it is wider than the page, it scrolls sideways. */
export function Table<Row>(props: {
  caption: string;
  columns: Column<Row>[];
  /** All rows, if the table can be sorted. */
  rows: Row[];
  /** Lets columns with a `value` sort the table. The order is in the URL under this name. */
  sortName?: string | undefined;
  /** Shows only so many rows, the first as sorted. */
  maxRows?: number | undefined;
}) {
  const { order, set } = useOrder(() => props.sortName);
  const rows = () =>
    sorted(props.rows, props.columns[order()?.column ?? -1]?.value, order()?.direction).slice(0, props.maxRows);
  /** The order after a click: numbers begin with the largest, names with the first. */
  const sortBy = (column: number) => {
    const initial = props.columns[column]?.isNumber ? "desc" : "asc";
    const isSorted = order()?.column === column && order()?.direction === initial;
    set({ column, direction: isSorted ? (initial === "desc" ? "asc" : "desc") : initial });
  };
  return (
    <div class="scroll" tabindex="0" role="region" aria-label={props.caption}>
      <table>
        <caption class="sr-only">{props.caption}</caption>
        <thead>
          <tr>
            <For each={props.columns}>
              {(column, at) => (
                <Show
                  when={props.sortName !== undefined && column.value}
                  fallback={
                    <th scope="col" classList={classes(column)}>
                      {column.name}
                    </th>
                  }
                >
                  <SortHeader
                    name={column.name}
                    isNumber={column.isNumber ?? false}
                    direction={order()?.column === at() ? order()?.direction : undefined}
                    onClick={() => sortBy(at())}
                  />
                </Show>
              )}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={rows()}>
            {(row, index) => (
              <tr>
                <For each={props.columns}>
                  {(column) => (
                    <Show
                      when={column.isHeader}
                      fallback={<td classList={classes(column)}>{column.cell(row, index())}</td>}
                    >
                      <th scope="row" classList={classes(column)}>
                        {column.cell(row, index())}
                      </th>
                    </Show>
                  )}
                </For>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}

/** The name of a column, as a button that sorts by it. */
const SortHeader = (props: {
  name: string;
  isNumber: boolean;
  direction: Order["direction"] | undefined;
  onClick: () => void;
}) => (
  <th
    scope="col"
    classList={{ number: props.isNumber }}
    aria-sort={props.direction && (props.direction === "asc" ? "ascending" : "descending")}
  >
    <button type="button" class="sort" onClick={() => props.onClick()}>
      {props.name}
      <Show when={props.direction}>
        <span aria-hidden="true">{props.direction === "asc" ? "↑" : "↓"}</span>
      </Show>
    </button>
  </th>
);
