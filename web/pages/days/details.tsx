import { createResource, createUniqueId, type JSX, Show } from "solid-js";
import { answer, api, type DayStats } from "../../api.ts";
import { dayAfter } from "../../charts/dates.ts";
import { dataOf, Loaded } from "../../components/loaded.tsx";
import { CsvLink, Total } from "../../components/page.tsx";
import { Scope } from "../../components/scope.tsx";
import { Table } from "../../components/table.tsx";
import { ThreadLink } from "../../components/thread-link.tsx";
import { useFilters } from "../../filters.ts";
import { plural } from "../../i18n/formats.ts";
import { day, number, t, texts } from "../../i18n/index.ts";

const text = texts({
  de: {
    before: "Vortag",
    after: "Folgetag",
    close: "Tag schließen",
    nothing: "An diesem Tag schrieb niemand.",
    threads: "Aktivste Threads",
    edits: (count: number) => plural(count, "Bearbeitung", "Bearbeitungen"),
  },
  en: {
    before: "Previous",
    after: "Next",
    close: "Close the day",
    nothing: "Nobody wrote on this day.",
    threads: "Busiest threads",
    edits: (count) => plural(count, "edit", "edits"),
  },
});

/**
 * The totals and busiest threads of a day.
 * @param props.link the address of another day
 * @param props.heading called with the heading, which takes the focus when the day is opened
 */
export function DayDetails(props: {
  day: string;
  link: (day: string) => string;
  close: () => void;
  heading: (element: HTMLElement) => void;
}) {
  const filters = useFilters();
  const id = createUniqueId();
  const query = () => ({ day: props.day, ...filters.only("bid") });
  const [details, { refetch }] = createResource(query, (source) => answer(api["day-stats"].$get({ query: source })));
  const [whole] = createResource(
    () => filters.only("bid"),
    (source) => answer(api.overview.$get({ query: source })),
  );
  const linkUnless = (isEnd: boolean, days: number) => (isEnd ? undefined : props.link(dayAfter(props.day, days)));
  return (
    <section
      class="day-panel"
      aria-live="polite"
      aria-labelledby={id}
      onKeyDown={(event) => event.key === "Escape" && props.close()}
    >
      <header>
        <h2 id={id} tabindex="-1" ref={props.heading}>
          {day(props.day)}
          <Scope ignores={["uid"]} />
        </h2>
        <div class="tools">
          <StepLink href={linkUnless(props.day <= (dataOf(whole)?.first_day ?? "0001-01-01"), -1)}>
            ← {text().before}
          </StepLink>
          <StepLink href={linkUnless(props.day >= (dataOf(whole)?.last_day ?? "9999-12-31"), 1)}>
            {text().after} →
          </StepLink>
          <CsvLink path="day-stats" query={query()} />
          <button type="button" class="button quiet" aria-label={text().close} onClick={() => props.close()}>
            ✕
          </button>
        </div>
      </header>
      <Loaded resource={details} refetch={refetch} height="16rem">
        {(data) => (
          <Show when={data().post_count > 0} fallback={<p>{text().nothing}</p>}>
            <Totals stats={data()} />
            <Show when={data().threads.length > 0}>
              <Threads rows={data().threads} />
            </Show>
          </Show>
        )}
      </Loaded>
    </section>
  );
}

/** A link to a neighboring day. At the first or last day it leads nowhere, but keeps the focus. */
const StepLink = (props: { href: string | undefined; children: JSX.Element }) => (
  <a
    class="button quiet"
    href={props.href}
    noScroll
    role={props.href === undefined ? "link" : undefined}
    aria-disabled={props.href === undefined}
    tabindex="0"
  >
    {props.children}
  </a>
);

const Totals = (props: { stats: DayStats }) => (
  <div class="totals flat">
    <Total value={props.stats.post_count} name={t().units.posts(props.stats.post_count)} />
    <Total value={props.stats.active_users} name={t().units.activeUsers(props.stats.active_users)} />
    <Total value={props.stats.threads_created} name={t().units.newThreads(props.stats.threads_created)} />
    <Total value={props.stats.edit_count} name={text().edits(props.stats.edit_count)} />
  </div>
);

const Threads = (props: { rows: DayStats["threads"] }) => (
  <Table
    caption={text().threads}
    rows={props.rows}
    columns={[
      {
        name: text().threads,
        isHeader: true,
        cell: ({ thread }) => <ThreadLink thread={thread} subtitle />,
      },
      { name: t().columns.posts, isNumber: true, cell: (row) => number(row.post_count) },
    ]}
  />
);
