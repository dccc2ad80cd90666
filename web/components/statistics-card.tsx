import { createMemo } from "solid-js";
import { Bars } from "../charts/bars.tsx";
import { titleBy, withUnit } from "../charts/units.ts";
import { unfinishedYear } from "../charts/unfinished.ts";
import { usePageTitle } from "../current-page.ts";
import type { Messages } from "../i18n/de.ts";
import { number, t } from "../i18n/index.ts";
import type { Filter } from "../pages.ts";
import { ChartCard } from "./chart-card.tsx";

type Statistic = keyof Messages["statistics"];

/** A bar chart of one statistic; its table and CSV contain all statistics. */
export function StatisticsCard<
  S extends Statistic,
  Key extends "year" | "weekday",
  Row extends Record<S, number> & Record<Key, number | string>,
>(props: {
  /** The page's title by default. */
  subject?: string;
  everyYear?: boolean;
  /** Filters of the page that do not hold for the chart. */
  ignores?: readonly Filter[];
  /** File name without extension. */
  name: string;
  rows: Row[];
  statistics: readonly S[];
  statistic: S;
  /** The column that names the rows in the CSV, in the table and below the bars. */
  keyColumn: Key;
  rowName: (row: Row) => string;
  barName?: (row: Row) => string;
  /** Where a bar leads, and what this does. */
  link?: {
    href: (row: Row) => string;
    text: (row: Row) => string;
    isChosen?: (row: Row) => boolean;
  };
  open?: boolean;
}) {
  const pageTitle = usePageTitle();
  const title = () => titleBy(props.statistic, props.keyColumn);
  const isUnfinished = (row: Row) => props.keyColumn === "year" && row[props.keyColumn] === unfinishedYear()?.year;
  const marks = () =>
    props.rows.map((row) => ({
      name: (props.barName ?? props.rowName)(row),
      fullName: props.rowName(row),
      values: [row[props.statistic]],
      href: props.link && (() => props.link?.href(row) ?? ""),
      isChosen: props.link?.isChosen?.(row),
      isUnfinished: isUnfinished(row),
    }));
  const content = createMemo(() => ({
    label: `${props.subject ?? pageTitle()}: ${title()}`,
    marks: marks(),
    series: [t().statistics[props.statistic]],
    valueText: (value: number) => withUnit(props.statistic, value),
    actionText: (at: number) => {
      const row = props.rows[at];
      return row ? (props.link?.text(row) ?? "") : "";
    },
  }));
  return (
    <ChartCard
      title={title()}
      subject={props.subject}
      everyYear={props.everyYear ?? false}
      ignores={props.ignores}
      name={props.name}
      explained={[props.statistic]}
      years={props.keyColumn === "year" ? props.rows.map((row) => Number(row[props.keyColumn])) : []}
      chart={<Bars content={content()} />}
      rows={props.rows}
      columns={[
        {
          name: t().columns[props.keyColumn],
          isHeader: true,
          isShort: true,
          value: (row) => row[props.keyColumn],
          cell: (row) => (props.link ? <a href={props.link.href(row)}>{props.rowName(row)}</a> : props.rowName(row)),
        },
        ...props.statistics.map((statistic) => ({
          name: t().statistics[statistic],
          isNumber: true,
          value: (row: Row) => row[statistic],
          cell: (row: Row) => number(row[statistic]),
        })),
      ]}
      csv={() => [
        [props.keyColumn, ...props.statistics],
        ...props.rows.map((row) => [row[props.keyColumn], ...props.statistics.map((statistic) => row[statistic])]),
      ]}
      open={props.open ?? false}
    />
  );
}
