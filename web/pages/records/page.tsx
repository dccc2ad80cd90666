import { createResource, For, Show } from "solid-js";
import { answer, api, type Records } from "../../api.ts";
import { FeedLink } from "../../components/feed-link.tsx";
import { Empty, Loaded } from "../../components/loaded.tsx";
import { Page } from "../../components/page.tsx";
import type { RecordName } from "../../components/records.ts";
import { useFilters } from "../../filters.ts";
import { texts } from "../../i18n/index.ts";
import { Milestones } from "./milestones.tsx";
import { RecordCard } from "./record.tsx";

const text = texts({
  de: {
    feed: "Neue Rekorde",
    lead: "Wer hält was, wer hielt es davor, und wie lange?",
    groups: { time: "Das ganze Forum", users: "Nutzer", posts: "Posts", threads: "Threads" },
    selected: { time: "Dieses Forum", users: "Nutzer", posts: "Posts", threads: "Threads" },
  },
  en: {
    feed: "New records",
    lead: "Who holds what, who held it before, and for how long?",
    groups: { time: "The whole forum", users: "Users", posts: "Posts", threads: "Threads" },
    selected: { time: "This board", users: "Users", posts: "Posts", threads: "Threads" },
  },
});

type Group = "time" | "users" | "posts" | "threads";

const groups: readonly { name: Group; records: readonly RecordName[] }[] = [
  { name: "time", records: ["busiest_day", "busiest_week", "busiest_month", "busiest_year", "most_people"] },
  {
    name: "users",
    records: ["user_day", "user_week", "user_month", "user_year", "most_boards", "longest_streak", "longest_pause"],
  },
  { name: "posts", records: ["longest_post", "most_quoted_post", "most_links", "most_quotes"] },
  { name: "threads", records: ["largest_thread", "most_participants", "fastest_thread", "longest_silence"] },
];

/** All records with their stories, and the milestones. */
export default function RecordsPage() {
  const filters = useFilters();
  const [records, { refetch }] = createResource(filters.query, (query) => answer(api.records.$get({ query })));
  return (
    <Page lead={text().lead} tools={<FeedLink name="records" title={text().feed} query={filters.only("bid")} />}>
      <Loaded resource={records} refetch={refetch} height="100vh">
        {(data) => (
          <Empty when={data().rows.every(({ history }) => history.length === 0)}>
            <For each={groups}>{(group) => <RecordGroup {...group} rows={data().rows} />}</For>
            <Milestones milestones={data().milestones} />
          </Empty>
        )}
      </Loaded>
    </Page>
  );
}

function RecordGroup(props: { name: Group; records: readonly RecordName[]; rows: Records["rows"] }) {
  const filters = useFilters();
  const shown = () =>
    props.records.flatMap((name) => props.rows.filter(({ record, history }) => record === name && history.length > 0));
  return (
    <Show when={shown().length > 0}>
      <section class="record-group">
        <h2>{filters.bid() === "" ? text().groups[props.name] : text().selected[props.name]}</h2>
        <div class="record-grid">
          <For each={shown()}>{({ record, history }) => <RecordCard record={record} history={history} />}</For>
        </div>
      </section>
    </Show>
  );
}
