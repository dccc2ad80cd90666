import { For, type JSX, Show } from "solid-js";

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
  cell: (row: Row, index: number) => JSX.Element;
}

const classes = <Row,>({ isNumber = false, isShare = false, isShort = false }: Column<Row>) => ({
  number: isNumber,
  "share-column": isShare,
  short: isShort,
});

/** A plain table. If it is wider than the page, it scrolls sideways. */
export function Table<Row>(props: { caption: string; columns: Column<Row>[]; rows: Row[] }) {
  return (
    <div class="scroll" tabindex="0" role="region" aria-label={props.caption}>
      <table>
        <caption class="sr-only">{props.caption}</caption>
        <thead>
          <tr>
            <For each={props.columns}>
              {(column) => (
                <th scope="col" classList={classes(column)}>
                  {column.name}
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={props.rows}>
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
