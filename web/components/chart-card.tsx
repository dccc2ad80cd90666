import type { Cell } from "@potstats/csv/write";
import { createSignal, type JSX, Show } from "solid-js";
import { unfinishedYear } from "../charts/unfinished.ts";
import { usePageTitle } from "../current-page.ts";
import { shortDay, texts } from "../i18n/index.ts";
import type { Filter } from "../pages.ts";
import { saveCsv, savePng, saveSvg } from "./download.ts";
import { type Explained, Explanation } from "./explanation.tsx";
import { CsvLink } from "./page.tsx";
import { pictureOf, selected } from "./picture.ts";
import { Scope } from "./scope.tsx";
import { type Column, Table } from "./table.tsx";

const text = texts({
  de: {
    table: "Zahlen als Tabelle",
    unfinished: (year: number, day: string) => `${year} ist noch nicht vollständig: Posts bis ${day}.`,
  },
  en: {
    table: "Numbers as a table",
    unfinished: (year, day) => `${year} is not complete yet: posts until ${day}.`,
  },
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
  /** Not all rows there are: then the table cannot be sorted. */
  isPartial?: boolean;
  /** The rows of the file, with a header row; or the endpoint that has all rows, with its parameters. */
  csv: (() => Cell[][]) | { path: string; query: Record<string, string> };
  /** The statistics whose counting a dialog explains. */
  explained?: readonly Explained[];
  /** The years that the chart shows: if the data ends within one of them, a note says so. */
  years?: readonly number[];
  open?: boolean;
  /** The chart changes with every key: a closed table is not made, which would take longer than the drawing. */
  isLive?: boolean;
  /** Puts the tools below the chart: for small cards side by side. */
  isCompact?: boolean;
}) {
  const pageTitle = usePageTitle();
  const [isTableOpen, setTableOpen] = createSignal(false);
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
  const unfinished = () => {
    const end = unfinishedYear();
    return end && props.years?.includes(end.year) ? end : undefined;
  };
  const Tools = () => (
    <div class="tools">
      <Show when={props.explained}>{(measures) => <Explanation measures={measures()} />}</Show>
      <CsvButton name={props.name} csv={props.csv} />
      <button type="button" class="button quiet" onClick={() => savePicture(savePng)}>
        PNG
      </button>
      <button type="button" class="button quiet" onClick={() => savePicture(saveSvg)}>
        SVG
      </button>
    </div>
  );
  return (
    <section class="card" classList={{ compact: props.isCompact ?? false }} ref={(element) => (card = element)}>
      <header>
        <h2>
          {props.title}
          <Scope ignores={props.ignores} />
        </h2>
        <Show when={!props.isCompact}>
          <Tools />
        </Show>
      </header>
      {props.chart}
      <Show when={unfinished()}>
        {(end) => (
          <p class="unfinished-note">
            <i aria-hidden="true" />
            {text().unfinished(end().year, shortDay(end().until))}
          </p>
        )}
      </Show>
      <details open={props.open ?? false} onToggle={(event) => setTableOpen(event.currentTarget.open)}>
        <summary>{text().table}</summary>
        <Show when={!props.isLive || isTableOpen()}>
          <Table
            caption={props.title}
            columns={props.columns}
            rows={props.rows}
            sortName={props.isPartial ? undefined : props.name}
          />
        </Show>
      </details>
      <Show when={props.isCompact}>
        <Tools />
      </Show>
    </section>
  );
}

function CsvButton(props: { name: string; csv: (() => Cell[][]) | { path: string; query: Record<string, string> } }) {
  const whole = () => (typeof props.csv === "function" ? undefined : props.csv);
  const save = () => typeof props.csv === "function" && saveCsv(props.name, props.csv());
  return (
    <Show
      when={whole()}
      fallback={
        <button type="button" class="button quiet" onClick={save}>
          CSV
        </button>
      }
    >
      {(file) => <CsvLink path={file().path} query={file().query} />}
    </Show>
  );
}
