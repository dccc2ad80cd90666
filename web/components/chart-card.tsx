import type { JSX } from "solid-js";
import { t } from "../i18n/index.ts";
import { saveCsv, savePng, saveSvg } from "./download.ts";
import { chosen, pictureOf } from "./picture.ts";
import { type Column, Table } from "./table.tsx";

/** A chart, the same numbers as a table beneath it, and both as files. */
export function ChartCard<Row>(props: {
  title: string;
  /** Whom or what it is about, for those who see the picture without the page. */
  about: string;
  /** It shows more than the chosen year, or tells the year in its title. */
  everyYear?: boolean;
  /** File name without ending. */
  name: string;
  chart: JSX.Element;
  columns: Column<Row>[];
  rows: Row[];
  csv: () => (string | number)[][];
  open?: boolean;
}) {
  let card: HTMLElement | undefined;
  const picture = (savePicture: (name: string, picture: SVGSVGElement) => unknown) => {
    const chart = card?.querySelector<SVGSVGElement>("svg.chart");
    const selection = [props.about, props.everyYear ? "" : chosen("year"), chosen("bid"), "pOTstats"];
    const about = selection.filter(Boolean).join(" · ");
    if (chart) void savePicture(props.name, pictureOf(chart, props.title, about));
  };
  return (
    <section class="card" ref={(element) => (card = element)}>
      <header>
        <h2>{props.title}</h2>
        <div class="tools">
          <button type="button" class="button quiet" onClick={() => saveCsv(props.name, props.csv())}>
            {t().csv}
          </button>
          <button type="button" class="button quiet" onClick={() => picture(savePng)}>
            {t().png}
          </button>
          <button type="button" class="button quiet" onClick={() => picture(saveSvg)}>
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
