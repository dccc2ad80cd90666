import { createResource } from "solid-js";
import { answer, api } from "../../api.ts";
import { Card } from "../../components/card.tsx";
import { Empty, Loaded } from "../../components/loaded.tsx";
import { PostLink } from "../../components/post-link.tsx";
import { Table } from "../../components/table.tsx";
import { ThreadLink } from "../../components/thread-link.tsx";
import { useFilters } from "../../filters.ts";
import { number, shortDay, t, texts } from "../../i18n/index.ts";
import { localDay } from "../../today.ts";

const text = texts({
  de: { title: "Schrieb am meisten in diesen Threads", first: "Erster Post", last: "Letzter Post" },
  en: { title: "Wrote most in these threads", first: "First post", last: "Last post" },
});

const limit = "10";

const dayOf = (timestamp_s: number) => shortDay(localDay(timestamp_s));

/** The threads in which a user wrote most. The filter board applies, but not year: posts are not counted by both. */
export function UserThreads(props: { uid: string }) {
  const filters = useFilters();
  const [threads, { refetch }] = createResource(
    () => ({ uid: props.uid, ...filters.only("bid"), limit }),
    (query) => answer(api["user-threads"].$get({ query })),
  );
  return (
    <Card title={text().title} ignores={["year"]}>
      <Loaded resource={threads} refetch={refetch} height="26rem">
        {(data) => (
          <Empty when={data().rows.length === 0}>
            <Table
              caption={text().title}
              rows={data().rows}
              columns={[
                {
                  name: t().columns.thread,
                  isHeader: true,
                  cell: (row) => <ThreadLink thread={row.thread} subtitle />,
                },
                {
                  name: text().first,
                  isNumber: true,
                  cell: ({ first }) => <PostLink post={first}>{dayOf(first.timestamp)}</PostLink>,
                },
                {
                  name: text().last,
                  isNumber: true,
                  cell: ({ last }) => <PostLink post={last}>{dayOf(last.timestamp)}</PostLink>,
                },
                { name: t().columns.posts, isNumber: true, cell: (row) => number(row.post_count) },
              ]}
            />
          </Empty>
        )}
      </Loaded>
    </Card>
  );
}
