import { createResource, Show } from "solid-js";
import { answer, api, type DayStats } from "../../api.ts";
import { dayAfter } from "../../charts/dates.ts";
import { Loaded } from "../../components/loaded.tsx";
import { CsvLink, Total } from "../../components/page.tsx";
import { Scope } from "../../components/scope.tsx";
import { Table } from "../../components/table.tsx";
import { useFilters } from "../../filters.ts";
import { day, number, t, texts } from "../../i18n/index.ts";
import { forumThread } from "../../status.ts";

const text = texts({
  de: { before: "Vortag", after: "Folgetag", threads: "Aktivste Threads", newThreads: "Neue Threads" },
  en: { before: "Previous day", after: "Next day", threads: "Busiest threads", newThreads: "New threads" },
});

/** The totals and busiest threads of a day. */
export function DayDetails(props: { day: string; open: (day: string) => void }) {
  const filters = useFilters();
  const query = () => ({ day: props.day, ...filters.only("bid") });
  const [details, { refetch }] = createResource(query, (source) => answer(api["day-stats"].$get({ query: source })));
  return (
    <section class="card" aria-live="polite">
      <header>
        <h2>
          {day(props.day)}
          <Scope ignores={["uid"]} />
        </h2>
        <div class="tools">
          <button type="button" class="button quiet" onClick={() => props.open(dayAfter(props.day, -1))}>
            ← {text().before}
          </button>
          <button type="button" class="button quiet" onClick={() => props.open(dayAfter(props.day, 1))}>
            {text().after} →
          </button>
          <CsvLink path="day-stats" query={query()} />
        </div>
      </header>
      <Loaded resource={details} refetch={refetch} height="16rem">
        {(data) => (
          <>
            <div class="totals flat">
              <Total value={data().post_count} name={t().statistics.post_count} />
              <Total value={data().active_users} name={t().statistics.active_users} />
              <Total value={data().threads_created} name={text().newThreads} />
              <Total value={data().edit_count} name={t().statistics.edit_count} />
            </div>
            <Show when={data().threads.length > 0}>
              <Threads rows={data().threads} />
            </Show>
          </>
        )}
      </Loaded>
    </section>
  );
}

const Threads = (props: { rows: DayStats["threads"] }) => (
  <Table
    caption={text().threads}
    rows={props.rows}
    columns={[
      {
        name: text().threads,
        isHeader: true,
        cell: ({ thread }) => (
          <>
            <a href={forumThread(thread.tid)} rel="noreferrer">
              {thread.title || `#${thread.tid}`}
            </a>{" "}
            <span class="aliases">{thread.subtitle}</span>
          </>
        ),
      },
      { name: t().columns.posts, isNumber: true, cell: (row) => number(row.post_count) },
    ]}
  />
);
