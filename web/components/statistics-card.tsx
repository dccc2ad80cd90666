import { Bars } from "../charts/bars.tsx";
import { usePageTitle } from "../current-page.ts";
import type { Messages } from "../i18n/de.ts";
import { number, t } from "../i18n/index.ts";
import type { Filter } from "../pages.ts";
import { ChartCard } from "./chart-card.tsx";

type Statistic = keyof Messages["statistics"];

/** A bar chart of one statistic; its table and CSV contain all statistics. */
export function StatisticsCard<
  S extends Statistic,
  Key extends keyof Messages["columns"],
  Row extends Record<S, number> & Record<Key, number | string>,
>(props: {
  /** The statistic's name by default. */
  title?: string;
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
  open?: boolean;
}) {
  const pageTitle = usePageTitle();
  const statisticName = () => t().statistics[props.statistic];
  const barName = (row: Row) => (props.barName ?? props.rowName)(row);
  return (
    <ChartCard
      title={props.title ?? statisticName()}
      subject={props.subject}
      everyYear={props.everyYear ?? false}
      ignores={props.ignores}
      name={props.name}
      chart={
        <Bars
          label={`${props.subject ?? pageTitle()}: ${statisticName()}`}
          values={props.rows.map((row) => ({ name: barName(row), value: row[props.statistic] }))}
        />
      }
      rows={props.rows}
      columns={[
        {
          name: t().columns[props.keyColumn],
          isHeader: true,
          value: (row) => row[props.keyColumn],
          cell: props.rowName,
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
