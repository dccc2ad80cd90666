import type { Cell } from "@potstats/csv/write";
import type { JSX } from "solid-js";
import { t } from "../i18n/index.ts";
import { saveCsv, savePng, saveSvg } from "./download.ts";
import { pictureOf, selected } from "./picture.ts";
import { type Column, Table } from "./table.tsx";

/** A chart, the same numbers as a table below it, and both as files. */
export function ChartCard<Row>(props: {
  title: string;
  /** Whom or what it is about: a saved picture has no page around it. */
  about: string;
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
  let card: HTMLElement | undefined;
  const savePicture = (save: (name: string, picture: SVGSVGElement) => unknown) => {
    const chart = card?.querySelector<SVGSVGElement>("svg.chart");
    const selection = [props.about, props.everyYear ? "" : selected("year"), selected("bid"), "pOTstats"];
    const about = selection.filter(Boolean).join(" · ");
    if (chart) void save(props.name, pictureOf(chart, props.title, about));
  };
  return (
    <section class="card" ref={(element) => (card = element)}>
      <header>
        <h2>{props.title}</h2>
        <div class="tools">
          <button type="button" class="button quiet" onClick={() => saveCsv(props.name, props.csv())}>
            {t().csv}
          </button>
          <button type="button" class="button quiet" onClick={() => savePicture(savePng)}>
            {t().png}
          </button>
          <button type="button" class="button quiet" onClick={() => savePicture(saveSvg)}>
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
