import type { Cell } from "@potstats/csv/write";
import type { JSX } from "solid-js";
import { usePageTitle } from "../current-page.ts";
import { texts } from "../i18n/index.ts";
import { saveCsv, savePng, saveSvg } from "./download.ts";
import { pictureOf, selected } from "./picture.ts";
import { type Column, Table } from "./table.tsx";

const text = texts({
  de: { table: "Zahlen als Tabelle" },
  en: { table: "Numbers as a table" },
});

/** A chart, the same numbers as a table below it, and both as files. */
export function ChartCard<Row>(props: {
  title: string;
  /** Whom or what it is about, as a saved picture has no page around it: the page's title, unless given. */
  about?: string | undefined;
  /** The selected year is left out of the picture: the chart shows more than that year, or its title names it. */
  everyYear?: boolean;
  /** File name without extension. */
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
      props.about ?? pageTitle(),
      props.everyYear ? "" : selected("year"),
      selected("bid"),
      "pOTstats",
    ];
    const about = selection.filter(Boolean).join(" · ");
    if (chart) void save(props.name, pictureOf(chart, props.title, about));
  };
  return (
    <section class="card" ref={(element) => (card = element)}>
      <header>
        <h2>{props.title}</h2>
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
        <Table caption={props.title} columns={props.columns} rows={props.rows} />
      </details>
    </section>
  );
}
