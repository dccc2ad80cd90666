import { createMemo } from "solid-js";
import type { ThreadStats } from "../../api.ts";
import type { Content } from "../../charts/content.ts";
import { type Gap, Stream } from "../../charts/stream.tsx";
import { ChartCard } from "../../components/chart-card.tsx";
import { threadTitle } from "../../components/thread-link.tsx";
import { useDayLink } from "../../day-link.ts";
import { displayName } from "../../display-name.ts";
import { useFilters } from "../../filters.ts";
import { duration, number, t, texts } from "../../i18n/index.ts";
import { fullName, shortName, titleOf, unitName } from "./period-names.ts";
import { indexOf, lifeOf, type Period, type Unit } from "./periods.ts";
import { localDay } from "../../today.ts";

const text = texts({
  de: {
    who: (title: string) => `${title}: wer wann schrieb`,
    others: "alle anderen",
    all: "Alle",
    open: (period: string) => `${period} öffnen`,
    silence: (time: string) => `${time} Stille`,
  },
  en: {
    who: (title) => `${title}: who wrote when`,
    others: "everybody else",
    all: "All",
    open: (period) => `Open ${period}`,
    silence: (time) => `${time} of silence`,
  },
});

const posts = (count: number) => `${number(count)} ${t().units.posts(count)}`;

/** The people of the stream: the busiest and, if there are more, everybody else. */
function peopleOf({ stream, users, participants }: ThreadStats): string[] {
  const busiest = users.slice(0, stream[0]?.length ?? 0).map(({ user }) => displayName(user));
  return participants > busiest.length ? [...busiest, text().others] : busiest;
}

/** The posts of these people in each period. */
function periodsOf({ per, timeline, stream, participants }: ThreadStats) {
  const periods = timeline.map(({ from, post_count }, at): Period => {
    const busiest = stream[at] ?? [];
    const others = post_count - busiest.reduce((sum, count) => sum + count, 0);
    return { from, post_count, users: participants > busiest.length ? [...busiest, Math.max(0, others)] : busiest };
  });
  return lifeOf(per, periods);
}

/** The longest silence, as a gap between periods. */
function silenceOf({ silence_ended_by: end, longest_silence_s }: ThreadStats, periods: Period[]): Gap | undefined {
  if (!end || !longest_silence_s) return undefined;
  const at = (time_s: number) => indexOf(localDay(time_s), periods);
  return {
    from: at(end.timestamp - longest_silence_s),
    to: at(end.timestamp),
    label: text().silence(duration(longest_silence_s)),
  };
}

/** Where a period leads: a day or a year has a page. */
function usePeriodLink(): (from: string, unit: Unit) => string | undefined {
  const dayLink = useDayLink();
  const filters = useFilters();
  return (from, unit) => {
    if (unit === "day") return dayLink(from);
    return unit === "year" ? filters.link("/", { year: String(Number(from.slice(0, 4))) }) : undefined;
  };
}

/** The posts of a thread over time, as a stream of the people who wrote them. */
export function Life(props: { thread: ThreadStats }) {
  const linkOf = usePeriodLink();
  const life = createMemo(() => periodsOf(props.thread));
  const people = createMemo(() => peopleOf(props.thread));
  const unit = () => life().unit;
  const content = createMemo<Content>(() => ({
    label: text().who(titleOf(unit())),
    marks: life().periods.map(({ from, post_count, users }) => ({
      name: shortName(from, unit()),
      fullName: users.length > 1 ? `${fullName(from, unit())}: ${posts(post_count)}` : fullName(from, unit()),
      values: users,
      href: linkOf(from, unit()) === undefined ? undefined : () => linkOf(from, unit()) ?? "",
    })),
    series: people(),
    valueText: posts,
    actionText: (at) => text().open(fullName(life().periods[at]?.from ?? "", unit())),
    isStacked: true,
  }));
  return (
    <ChartCard
      title={titleOf(unit())}
      subject={threadTitle(props.thread.thread)}
      everyYear
      name={`thread-${props.thread.thread.tid}`}
      explained={["thread_life"]}
      chart={<Stream content={content()} gap={silenceOf(props.thread, life().periods)} />}
      rows={life().periods}
      columns={columnsOf(unit(), people())}
      csv={() => [
        ["from", "post_count", ...people()],
        ...life().periods.map(({ from, post_count, users }) => [from, post_count, ...users]),
      ]}
    />
  );
}

const columnsOf = (unit: Unit, people: string[]) => [
  {
    name: unitName(unit),
    isHeader: true,
    value: ({ from }: Period) => from,
    cell: ({ from }: Period) => fullName(from, unit),
  },
  {
    name: text().all,
    isNumber: true,
    value: ({ post_count }: Period) => post_count,
    cell: ({ post_count }: Period) => number(post_count),
  },
  ...people.map((name, at) => ({
    name,
    isNumber: true,
    value: ({ users }: Period) => users[at] ?? 0,
    cell: ({ users }: Period) => number(users[at] ?? 0),
  })),
];
