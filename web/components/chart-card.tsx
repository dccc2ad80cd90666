import type { Cell } from "@potstats/csv/write";
import type { JSX } from "solid-js";
import { usePageTitle } from "../current-page.ts";
import { texts } from "../i18n/index.ts";
import type { Filter } from "../pages.ts";
import { saveCsv, savePng, saveSvg } from "./download.ts";
import { pictureOf, selected } from "./picture.ts";
import { Scope } from "./scope.tsx";
import { type Column, Table } from "./table.tsx";

const text = texts({
  de: { table: "Zahlen als Tabelle" },
  en: { table: "Numbers as a table" },
});

/** A chart with the same numbers as a table below it; both can be saved as files. */
export function ChartCard<Row>(props: {
  title: string;
  /** The subject that a saved picture names, because it has no page around it. The page's title by default. */
  subject?: string | undefined;
  /** Omits the selected year from the picture: the chart shows more years, or its title names the year. */
  everyYear?: boolean;
  /** Filters of the page that do not hold for the chart. */
  ignores?: readonly Filter[] | undefined;
  /** File name without extension; the order of the table is in the URL under this name. */
  name: string;
  chart: JSX.Element;
  columns: Column<Row>[];
  rows: Row[];
  /** Header row included. */
  csv: () => Cell[][];
  open?: boolean;
}) {
  const pageTitle = usePageTitle();
  let card: HTMLElement | undefined;
  const savePicture = (save: (name: string, picture: SVGSVGElement) => unknown) => {
    const chart = card?.querySelector<SVGSVGElement>("svg.chart");
    const selection = [
      props.subject ?? pageTitle(),
      props.everyYear ? "" : selected("year"),
      selected("bid"),
      selected("uid"),
      "pOTstats",
    ];
    const caption = selection.filter(Boolean).join(" · ");
    if (chart) void save(props.name, pictureOf(chart, props.title, caption));
  };
  return (
    <section class="card" ref={(element) => (card = element)}>
      <header>
        <h2>
          {props.title}
          <Scope ignores={props.ignores} />
        </h2>
        <div class="tools">
          <button type="button" class="button quiet" onClick={() => saveCsv(props.name, props.csv())}>
            CSV
          </button>
          <button type="button" class="button quiet" onClick={() => savePicture(savePng)}>
            PNG
          </button>
          <button type="button" class="button quiet" onClick={() => savePicture(saveSvg)}>
            SVG
          </button>
        </div>
      </header>
      {props.chart}
      <details open={props.open ?? false}>
        <summary>{text().table}</summary>
        <Table caption={props.title} columns={props.columns} rows={props.rows} sortName={props.name} />
      </details>
    </section>
  );
}
