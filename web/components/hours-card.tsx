import { Hours } from "../charts/hours.tsx";
import { number, t, texts, weekday } from "../i18n/index.ts";
import { ChartCard } from "./chart-card.tsx";

const text = texts({
  de: { title: "Posts nach Wochentag und Stunde" },
  en: { title: "Posts by weekday and hour" },
});

/** Posts by hour of the week, as a chart, a table and files. */
export const HoursCard = (props: {
  title?: string;
  /** The page's title by default. */
  subject?: string;
  name: string;
  /** The posts are of all years, whatever the filters say. */
  everyYear?: boolean;
  isCompact?: boolean;
  /** Weekday "1" is Monday. */
  rows: { weekday: string; hour: number; post_count: number }[];
}) => (
  <ChartCard
    title={props.title ?? text().title}
    subject={props.subject}
    name={props.name}
    everyYear={props.everyYear}
    isCompact={props.isCompact}
    chart={
      <Hours
        label={props.title ?? text().title}
        values={props.rows.map((row) => ({ ...row, value: row.post_count }))}
      />
    }
    rows={props.rows}
    columns={[
      {
        name: t().columns.weekday,
        isHeader: true,
        value: (row) => Number(row.weekday),
        cell: (row) => weekday(Number(row.weekday) - 1),
      },
      { name: t().columns.hour, isNumber: true, value: (row) => row.hour, cell: (row) => row.hour },
      {
        name: t().columns.posts,
        isNumber: true,
        value: (row) => row.post_count,
        cell: (row) => number(row.post_count),
      },
    ]}
    csv={() => [["weekday", "hour", "post_count"], ...props.rows.map((row) => [row.weekday, row.hour, row.post_count])]}
  />
);
