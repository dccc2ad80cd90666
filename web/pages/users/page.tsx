import { useNavigate, useSearchParams } from "@solidjs/router";
import { createMemo } from "solid-js";
import { answer, api } from "../../api.ts";
import { pageSize, useEndlessRows, useServerOrder } from "../../components/endless-rows.ts";
import { dataOf, Empty, Loaded } from "../../components/loaded.tsx";
import { CsvLink, Page } from "../../components/page.tsx";
import { UserBox } from "../../components/user-box.tsx";
import { useFilters } from "../../filters.ts";
import { texts } from "../../i18n/index.ts";
import { idOf } from "../../parameters.ts";
import { userStatistics } from "../../statistics.ts";
import { MinPosts, usualMinPosts } from "./min-posts.tsx";
import { UserTable } from "./table.tsx";

const text = texts({
  de: { lead: "Wer schreibt wie viel? Ein Klick auf eine Spalte sortiert.", filter: "Nutzer suchen" },
  en: { lead: "Who writes how much? Click a column to sort by it.", filter: "Find a user" },
});

/** All users of the selection, sorted by the server. Rows are loaded while scrolling. */
export default function UsersPage() {
  const filters = useFilters();
  const navigate = useNavigate();
  const [parameters, setParameters] = useSearchParams<{ min_posts?: string }>();
  const [order, sortBy] = useServerOrder(userStatistics, "post_count");
  const minPosts = () => Number(idOf(parameters.min_posts)) || usualMinPosts(order().by);
  const query = createMemo(() => ({
    ...filters.query(),
    order_by: order().by,
    order: order().direction,
    min_posts: String(minPosts()),
  }));
  const list = useEndlessRows(query, (source) =>
    answer(api["poster-stats"].$get({ query: { ...source, limit: pageSize } })),
  );
  return (
    <Page
      lead={text().lead}
      tools={
        <>
          <UserBox
            label={text().filter}
            choose={({ uid }) => navigate(filters.link(`/users/${uid}`), { resolve: false })}
          />
          <CsvLink path="poster-stats" query={{ ...query(), limit: "10000" }} />
        </>
      }
    >
      <MinPosts
        chosen={minPosts()}
        isSortedByLength={order().by === "avg_post_length"}
        choose={(count) => setParameters({ min_posts: count === usualMinPosts(order().by) ? "" : String(count) })}
      />
      <Loaded resource={list.first} refetch={list.refetch} height="100vh">
        {(data) => (
          <Empty when={data().rows.length === 0}>
            <UserTable list={list} order={order()} sortBy={sortBy} postCount={dataOf(list.first)?.post_count ?? 0} />
          </Empty>
        )}
      </Loaded>
    </Page>
  );
}
