import { type JSX, Show } from "solid-js";
import type { Overview } from "../../api.ts";
import { below } from "../../base.ts";
import { useFilters } from "../../filters.ts";
import { day, number, t } from "../../i18n/index.ts";
import { forumThread } from "../../status.ts";

/** The busiest days, and the busiest thread of a day. */
export function Records(props: { records: Overview["records"] }) {
  return (
    <div class="totals records">
      <Record of={props.records.most_posts} name={t().overview.mostPosts} unit={t().units.posts} />
      <Record of={props.records.most_users} name={t().overview.mostUsers} unit={t().units.activeUsers} />
      <Record of={props.records.most_threads} name={t().overview.mostThreads} unit={t().units.newThreads} />
      <Show when={props.records.busiest_thread}>
        {(busiest) => (
          <Record
            of={{ day: busiest().day, count: busiest().post_count }}
            name={t().overview.busiestThread}
            unit={t().units.posts}
          >
            <a href={forumThread(busiest().thread.tid)} rel="noreferrer">
              {busiest().thread.title || `#${busiest().thread.tid}`}
            </a>
          </Record>
        )}
      </Show>
    </div>
  );
}

function Record(props: {
  of: { day: string; count: number } | null;
  name: string;
  unit: (count: number) => string;
  children?: JSX.Element;
}) {
  const filters = useFilters();
  const link = (date: string) =>
    below(`/days?${new URLSearchParams({ year: date.slice(0, 4), ...filters.only("bid"), day: date })}`);
  return (
    <Show when={props.of}>
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
