import type { PosterStats } from "../../api.ts";
import type { EndlessRows, ServerOrder } from "../../components/endless-rows.ts";
import { EndlessTable } from "../../components/endless-table.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { number, percent, t } from "../../i18n/index.ts";
import { userStatistics } from "../../statistics.ts";

type Row = PosterStats["rows"][number];
export type Order = ServerOrder<(typeof userStatistics)[number]>;

const [postCount, ...furtherStatistics] = userStatistics;

const column = (statistic: Order["by"]) => ({
  name: t().statistics[statistic],
  sort: statistic,
  cell: (row: Row) => number(row[statistic]),
});

/** @param props.postCount the posts of all users in the selection */
export const UserTable = (props: {
  list: EndlessRows<Row>;
  order: Order;
  sortBy: (statistic: Order["by"]) => void;
  postCount: number;
}) => (
  <EndlessTable
    class="users"
    rowHeight={40}
    list={props.list}
    order={props.order}
    sortBy={(statistic) => props.sortBy(statistic)}
    columns={[
      { name: t().columns.user, isName: true, cell: (row: Row) => <UserLink user={row.User} aliases /> },
      column(postCount),
      // The share follows the number of posts.
      { name: t().columns.share, cell: (row: Row) => percent(row.post_count / Math.max(1, props.postCount)) },
      ...furtherStatistics.map(column),
    ]}
  />
);
