import { Bars } from "../charts/bars.tsx";
import { usePageTitle } from "../current-page.ts";
import type { Messages } from "../i18n/de.ts";
import { number, t } from "../i18n/index.ts";
import { ChartCard } from "./chart-card.tsx";

type Statistic = keyof Messages["statistics"];

/** A bar per row for one statistic; the table and the CSV have all of them. */
export function StatisticsCard<
  S extends Statistic,
  Key extends keyof Messages["columns"],
  Row extends Record<S, number> & Record<Key, number | string>,
>(props: {
  /** The statistic's name, unless given. */
  title?: string;
  /** Whom or what it is about: the page's title, unless given. */
  about?: string;
  everyYear?: boolean;
  /** File name without extension. */
  name: string;
  rows: Row[];
  statistics: readonly S[];
  statistic: S;
  /** The column that names a row: in the CSV, above the table, in the table and below the bar. */
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
      about={props.about}
      everyYear={props.everyYear ?? false}
      name={props.name}
      chart={
        <Bars
          label={`${props.about ?? pageTitle()}: ${statisticName()}`}
          values={props.rows.map((row) => ({ name: barName(row), value: row[props.statistic] }))}
        />
      }
      rows={props.rows}
      columns={[
        { name: t().columns[props.keyColumn], isHeader: true, cell: props.rowName },
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
