import { Bars } from "../charts/bars.tsx";
import { number, t } from "../i18n/index.ts";
import { ChartCard } from "./chart-card.tsx";

type Statistic = Exclude<keyof ReturnType<typeof t>["statistics"], symbol>;

/** A bar per row for one statistic; the table and the CSV have all of them. */
export function StatisticsCard<
  S extends Statistic,
  Key extends string,
  Row extends Record<S, number> & Record<Key, number | string>,
>(props: {
  title: string;
  /** Names the chart for those who do not see it. */
  label: string;
  about: string;
  everyYear?: boolean;
  /** File name without extension. */
  name: string;
  rows: Row[];
  statistics: readonly S[];
  statistic: S;
  /** The column that names a row: in the CSV, above the table, in the table and below the bar. */
  keyColumn: Key;
  keyTitle: string;
  rowName: (row: Row) => string;
  barName?: (row: Row) => string;
  open?: boolean;
}) {
  const barName = (row: Row) => (props.barName ?? props.rowName)(row);
  return (
    <ChartCard
      title={props.title}
      about={props.about}
      everyYear={props.everyYear ?? false}
      name={props.name}
      chart={
        <Bars
          label={props.label}
          values={props.rows.map((row) => ({ name: barName(row), value: row[props.statistic] }))}
        />
      }
      rows={props.rows}
      columns={[
        { name: props.keyTitle, isHeader: true, cell: props.rowName },
        ...props.statistics.map((statistic) => ({
          name: t().statistics[statistic],
          isNumber: true,
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
