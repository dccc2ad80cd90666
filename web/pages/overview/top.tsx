import { createResource } from "solid-js";
import { answer, api } from "../../api.ts";
import { Card } from "../../components/card.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Share } from "../../components/share.tsx";
import { Table } from "../../components/table.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useFilters } from "../../filters.ts";
import { number, t, texts } from "../../i18n/index.ts";
import { ShowAll } from "./show-all.tsx";

const text = texts({
  de: { topUsers: "Die fleißigsten Nutzer", topBoards: "Die größten Foren" },
  en: { topUsers: "Most active users", topBoards: "Largest boards" },
});

const maxRows = 10;

/** The users with the most posts. */
export function TopUsers() {
  const filters = useFilters();
  const [users, { refetch }] = createResource(filters.query, (query) =>
    answer(api["poster-stats"].$get({ query: { ...query, limit: String(maxRows) } })),
  );
  return (
    <Card title={text().topUsers} tools={<ShowAll path="/users" />}>
      <Loaded resource={users} refetch={refetch} height="29rem">
        {(data) => (
          <Table
            caption={text().topUsers}
            rows={data().rows}
            columns={[
              { name: t().columns.rank, isNumber: true, cell: (_row, index) => index + 1 },
              { name: t().columns.user, isHeader: true, cell: (row) => <UserLink user={row.User} /> },
              {
                name: t().columns.share,
                isNumber: true,
                cell: (row) => <Share part={row.post_count} whole={data().post_count} />,
              },
              { name: t().columns.posts, isNumber: true, cell: (row) => number(row.post_count) },
            ]}
          />
        )}
      </Loaded>
    </Card>
  );
}

/** The boards with the most posts, regardless of the selected board. */
export function TopBoards() {
  const filters = useFilters();
  const [boards, { refetch }] = createResource(
    () => filters.only("year"),
    async (query) => {
      const { rows } = await answer(api.boards.$get({ query }));
      return {
        rows: rows.toSorted((a, b) => b.post_count - a.post_count || a.bid - b.bid).slice(0, maxRows),
        total: rows.reduce((sum, { post_count }) => sum + post_count, 0),
      };
    },
  );
  return (
    <Card title={text().topBoards} ignores={["bid"]} tools={<ShowAll path="/boards" />}>
      <Loaded resource={boards} refetch={refetch} height="29rem">
        {(data) => (
          <Table
            caption={text().topBoards}
            rows={data().rows}
            columns={[
              {
                name: t().columns.board,
                isHeader: true,
                cell: (row) => <a href={filters.link("/", { bid: String(row.bid) })}>{row.name}</a>,
              },
              {
                name: t().columns.share,
                isShare: true,
                cell: (row) => <Share part={row.post_count} whole={data().total} />,
              },
              { name: t().columns.posts, isNumber: true, cell: (row) => number(row.post_count) },
            ]}
          />
        )}
      </Loaded>
    </Card>
  );
}
