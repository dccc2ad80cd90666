import type { JSX } from "solid-js";
import { t } from "../i18n/index.ts";
import { saveCsv, saveSvg } from "./download.ts";
import { type Column, Table } from "./table.tsx";

/** A chart, the same numbers as a table beneath it, and both as files. */
export function ChartCard<Row>(props: {
  title: string;
  /** File name without ending. */
  name: string;
  chart: JSX.Element;
  columns: Column<Row>[];
  rows: Row[];
  csv: () => (string | number)[][];
  open?: boolean;
}) {
  let card: HTMLElement | undefined;
  const drawing = () => card?.querySelector("svg.chart");
  return (
    <section class="card" ref={(element) => (card = element)}>
      <header>
        <h2>{props.title}</h2>
        <div class="tools">
          <button type="button" class="button quiet" onClick={() => saveCsv(props.name, props.csv())}>
            {t().csv}
          </button>
          <button
            type="button"
            class="button quiet"
            onClick={() => {
              const svg = drawing();
              if (svg) saveSvg(props.name, svg as SVGSVGElement);
            }}
          >
            {t().svg}
          </button>
        </div>
      </header>
      {props.chart}
      <details open={props.open ?? false}>
        <summary>{t().table}</summary>
        <Table caption={props.title} columns={props.columns} rows={props.rows} />
      </details>
    </section>
  );
}
