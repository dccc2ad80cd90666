import { type JSX, Show } from "solid-js";
import type { Overview } from "../../api.ts";
import { below } from "../../base.ts";
import { ThreadLink } from "../../components/thread-link.tsx";
import { useFilters } from "../../filters.ts";
import { day, number, t, texts } from "../../i18n/index.ts";

const text = texts({
  de: {
    mostPosts: "Tag mit den meisten Posts",
    mostUsers: "Tag mit den meisten Nutzern",
    mostThreads: "Tag mit den meisten neuen Threads",
    busiestThread: "Aktivster Thread eines Tages",
  },
  en: {
    mostPosts: "Day with the most posts",
    mostUsers: "Day with the most users",
    mostThreads: "Day with the most new threads",
    busiestThread: "Busiest thread of a single day",
  },
});

/** The busiest days, and the busiest thread of a single day. */
export function Records(props: { records: Overview["records"] }) {
  return (
    <div class="totals records">
      <Record record={props.records.most_posts} name={text().mostPosts} unit={t().units.posts} />
      <Record record={props.records.most_users} name={text().mostUsers} unit={t().units.activeUsers} />
      <Record record={props.records.most_threads} name={text().mostThreads} unit={t().units.newThreads} />
      <Show when={props.records.busiest_thread}>
        {(busiest) => (
          <Record
            record={{ day: busiest().day, count: busiest().post_count }}
            name={text().busiestThread}
            unit={t().units.posts}
          >
            <ThreadLink thread={busiest().thread} />
          </Record>
        )}
      </Show>
    </div>
  );
}

function Record(props: {
  record: { day: string; count: number } | null;
  name: string;
  unit: (count: number) => string;
  children?: JSX.Element;
}) {
  const filters = useFilters();
  const link = (date: string) =>
    below(`/days?${new URLSearchParams({ year: date.slice(0, 4), ...filters.only("bid"), day: date })}`);
  return (
    <Show when={props.record}>
      {(record) => (
        <section class="card record">
          <h2>{props.name}</h2>
          <p>
            <b>{number(record().count)}</b> {props.unit(record().count)}
          </p>
          <Show when={props.children}>
            <p>{props.children}</p>
          </Show>
          <p>
            <a href={link(record().day)}>{day(record().day)}</a>
          </p>
        </section>
      )}
    </Show>
  );
}
