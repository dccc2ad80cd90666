import { createMemo, Show } from "solid-js";
import type { Content } from "../../charts/content.ts";
import { durationTicks } from "../../charts/duration-ticks.ts";
import { Steps } from "../../charts/steps.tsx";
import { unfinishedYear } from "../../charts/unfinished.ts";
import { ChartCard } from "../../components/chart-card.tsx";
import { PairLink } from "../../components/pair-link.tsx";
import { RecordHolder } from "../../components/record-holder.tsx";
import { recordMoment, recordTitle, recordValue, type RecordEntry, type RecordName } from "../../components/records.ts";
import { threadTitle } from "../../components/thread-link.tsx";
import { useDayLink } from "../../day-link.ts";
import { displayName } from "../../display-name.ts";
import { useFilters } from "../../filters.ts";
import { duration, number, percent, texts, wholeDuration } from "../../i18n/index.ts";

const text = texts({
  de: {
    stands: "Hält bisher",
    lessThanADay: "weniger als einen Tag",
    before: "Davor",
    stood: "Hielt",
    by: "Übertroffen um",
    only: "Seit dem ersten Mal nie übertroffen.",
    times: (count: number) => (count === 1 ? "Einmal übertroffen." : `${number(count)}-mal übertroffen.`),
    value: "Rekord",
    holder: "Gehalten von",
    still: "noch immer",
    ratio: (share: string) => `+ ${share}`,
    open: (name: string) => `${name} öffnen`,
  },
  en: {
    stands: "Standing for",
    lessThanADay: "less than a day",
    before: "Before",
    stood: "Stood for",
    by: "Broken by",
    only: "Never broken since it was set.",
    times: (count) => (count === 1 ? "Broken once." : `Broken ${number(count)} times.`),
    value: "Record",
    holder: "Held by",
    still: "still",
    ratio: (share) => `+ ${share}`,
    open: (name) => `Open ${name}`,
  },
});

/** The time of an entry, in milliseconds. */
const timeOf = ({ day }: RecordEntry) => Date.parse(`${day}T00:00:00Z`);

/** The day until which the records are known. */
const until = () => {
  const known = unfinishedYear()?.until;
  return known === undefined ? Date.now() : Date.parse(`${known}T00:00:00Z`);
};

/** The time between two days, in words. */
const between = (from: number, to: number) => (to > from ? duration((to - from) / 1000) : text().lessThanADay);

/** How much larger an entry is than the one before: "123 Tage (+ 102 %)". */
function difference(record: RecordName, entry: RecordEntry, before: RecordEntry): string {
  const more = entry.value - before.value;
  return `${recordValue(record, more)} (${text().ratio(percent(more / before.value))})`;
}

/** The holder's name in the readout. */
function holderName({ user, thread, post }: RecordEntry): string {
  if (thread && post) return threadTitle(thread);
  return user ? displayName(user) : "";
}

/** Where a mark leads: to the thread, the user, the day or the year; undefined for a week or a month. */
function useEntryLink(record: RecordName): (entry: RecordEntry) => string | undefined {
  const dayLink = useDayLink();
  const filters = useFilters();
  return ({ thread, user, day }) => {
    if (thread) return filters.link(`/threads/${thread.tid}`);
    if (user) return filters.link(`/users/${user.uid}`);
    if (record === "busiest_year") return filters.link("/", { year: String(Number(day.slice(0, 4))) });
    return /_(?:week|month)$/.test(record) ? undefined : dayLink(day);
  };
}

/** A record: who holds it, who held it before and for how long, by how much it was broken, and all of its history. */
export function RecordCard(props: { record: RecordName; history: RecordEntry[] }) {
  const latest = () => props.history.at(-1);
  const before = () => props.history.at(-2);
  const isDuration = () => props.record === "longest_silence";
  const linkOf = useEntryLink(props.record);
  const nameOf = (entry: RecordEntry) => holderName(entry) || recordMoment(props.record, entry);
  const content = createMemo<Content>(() => ({
    label: recordTitle(props.record),
    marks: props.history.map((entry) => ({
      name: recordMoment(props.record, entry),
      fullName: [holderName(entry), recordMoment(props.record, entry)].filter(Boolean).join(", "),
      values: [entry.value],
      href: linkOf(entry) === undefined ? undefined : () => linkOf(entry) ?? "",
    })),
    series: [text().value],
    valueText: (value) => recordValue(props.record, value),
    actionText: (at) => text().open(nameOf(props.history[at] as RecordEntry)),
    idleText: props.history.length > 1 ? text().times(props.history.length - 1) : text().only,
    ...(isDuration()
      ? { scaleOf: durationTicks, tickText: (value: number) => (value === 0 ? "0" : wholeDuration(value)) }
      : {}),
  }));
  return (
    <ChartCard
      title={recordTitle(props.record)}
      name={`record-${props.record}`}
      explained={[props.record]}
      isCompact
      chart={
        <>
          <p class="record-now">
            <b>{recordValue(props.record, latest()?.value ?? 0)}</b>
            <Show when={latest()}>
              {(entry) => (
                <span>
                  <RecordHolder record={props.record} entry={entry()} />
                </span>
              )}
            </Show>
          </p>
          <dl class="facts record-story">
            <div>
              <dt>{text().stands}</dt>
              <dd>{between(latest() ? timeOf(latest() as RecordEntry) : 0, until())}</dd>
            </div>
            <Show when={before()}>
              {(former) => <Former record={props.record} former={former()} latest={latest() as RecordEntry} />}
            </Show>
          </dl>
          <Steps content={content()} times={props.history.map(timeOf)} until={until()} />
        </>
      }
      rows={props.history.toReversed()}
      columns={columnsOf(props.record, props.history)}
      csv={() => [
        ["value", "day", "uid", "name", "tid", "title", "pid"],
        ...props.history.map(({ value, day, user, thread, post }) => [
          value,
          day,
          user?.uid ?? "",
          user?.name ?? "",
          thread?.tid ?? "",
          thread?.title ?? "",
          post?.pid ?? "",
        ]),
      ]}
    />
  );
}

/** The holder and the one before; undefined if it is the same one, or nobody's record. */
const rivalsOf = ({ user: latest }: RecordEntry, { user: former }: RecordEntry) =>
  latest && former && latest.uid !== former.uid ? { latest, former } : undefined;

/** The entry before the latest one. */
const Former = (props: { record: RecordName; former: RecordEntry; latest: RecordEntry }) => (
  <>
    <div>
      <dt>{text().before}</dt>
      <dd>
        {recordValue(props.record, props.former.value)}: <RecordHolder record={props.record} entry={props.former} />{" "}
        <Show when={rivalsOf(props.latest, props.former)}>
          {(rivals) => <PairLink one={rivals().latest} other={rivals().former} />}
        </Show>
      </dd>
    </div>
    <div>
      <dt>{text().stood}</dt>
      <dd>{between(timeOf(props.former), timeOf(props.latest))}</dd>
    </div>
    <div>
      <dt>{text().by}</dt>
      <dd>{difference(props.record, props.latest, props.former)}</dd>
    </div>
  </>
);

/** The history as a table, the latest entry first. */
function columnsOf(record: RecordName, history: RecordEntry[]) {
  const beforeOf = (entry: RecordEntry) => history[history.indexOf(entry) - 1];
  const afterOf = (entry: RecordEntry) => history[history.indexOf(entry) + 1];
  return [
    {
      name: text().value,
      isHeader: true,
      isShort: true,
      value: ({ value }: RecordEntry) => value,
      cell: ({ value }: RecordEntry) => recordValue(record, value),
    },
    {
      name: text().holder,
      value: (entry: RecordEntry) => entry.day,
      cell: (entry: RecordEntry) => <RecordHolder record={record} entry={entry} />,
    },
    {
      name: text().stood,
      isNumber: true,
      value: (entry: RecordEntry) => (afterOf(entry) ? timeOf(afterOf(entry) as RecordEntry) : until()) - timeOf(entry),
      cell: (entry: RecordEntry) => {
        const next = afterOf(entry);
        return next ? between(timeOf(entry), timeOf(next)) : text().still;
      },
    },
    {
      name: text().by,
      isNumber: true,
      value: (entry: RecordEntry) => entry.value - (beforeOf(entry)?.value ?? 0),
      cell: (entry: RecordEntry) => {
        const former = beforeOf(entry);
        return former ? difference(record, entry, former) : "–";
      },
    },
  ];
}
