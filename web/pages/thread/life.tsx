import { createMemo } from "solid-js";
import type { ThreadStats } from "../../api.ts";
import type { Content } from "../../charts/content.ts";
import { type Gap, Stream } from "../../charts/stream.tsx";
import { ChartCard } from "../../components/chart-card.tsx";
import { threadTitle } from "../../components/thread-link.tsx";
import { useDayLink } from "../../day-link.ts";
import { displayName } from "../../display-name.ts";
import { useFilters } from "../../filters.ts";
import { day, duration, monthOfYear, number, shortDay, shortDayOfYear, t, texts } from "../../i18n/index.ts";
import { indexOf, lifeOf, type Period, type Unit } from "./periods.ts";

const text = texts({
  de: {
    titles: {
      day: "Posts je Tag",
      week: "Posts je Woche",
      month: "Posts je Monat",
      quarter: "Posts je Quartal",
      year: "Posts je Jahr",
    },
    units: { day: "Tag", week: "Woche", month: "Monat", quarter: "Quartal", year: "Jahr" },
    who: (title: string) => `${title}: wer wann schrieb`,
    others: "alle anderen",
    week: (from: string) => `Woche ab ${from}`,
    quarter: (number: number, year: string) => `${number}. Quartal ${year}`,
    shortQuarter: (number: number, year: string) => `Q${number} ${year}`,
    all: "Alle",
    open: (period: string) => `${period} öffnen`,
    silence: (time: string) => `${time} Stille`,
  },
  en: {
    titles: {
      day: "Posts per day",
      week: "Posts per week",
      month: "Posts per month",
      quarter: "Posts per quarter",
      year: "Posts per year",
    },
    units: { day: "Day", week: "Week", month: "Month", quarter: "Quarter", year: "Year" },
    who: (title) => `${title}: who wrote when`,
    others: "everybody else",
    week: (from) => `Week of ${from}`,
    quarter: (number, year) => `Quarter ${number} of ${year}`,
    shortQuarter: (number, year) => `Q${number} ${year}`,
    all: "All",
    open: (period) => `Open ${period}`,
    silence: (time) => `${time} of silence`,
  },
});

const quarterOf = (from: string) => Math.floor((Number(from.slice(5, 7)) - 1) / 3) + 1;

/** The name of a period on the axis. */
function shortName(from: string, unit: Unit): string {
  const year = from.slice(0, 4);
  if (unit === "year") return year;
  if (unit === "quarter") return text().shortQuarter(quarterOf(from), year);
  if (unit === "month") return `${Number(from.slice(5, 7))}/${year}`;
  return shortDayOfYear(from);
}

/** The name of a period in the readout and in the table. */
function fullName(from: string, unit: Unit): string {
  const year = from.slice(0, 4);
  const names: Record<Unit, () => string> = {
    year: () => year,
    quarter: () => text().quarter(quarterOf(from), year),
    month: () => monthOfYear(from),
    week: () => text().week(shortDay(from)),
    day: () => day(from),
  };
  return names[unit]();
}

const posts = (count: number) => `${number(count)} ${t().units.posts(count)}`;

/** The posts of a thread over time, as a stream of the people who wrote them. */
export function Life(props: { thread: ThreadStats }) {
  const dayLink = useDayLink();
  const filters = useFilters();
  const life = createMemo(() => {
    const { per, timeline, stream, participants } = props.thread;
    const people = stream[0]?.length ?? 0;
    const periods = timeline.map(({ from, post_count }, at): Period => {
      const users = stream[at] ?? [];
      const others = post_count - users.reduce((sum, count) => sum + count, 0);
      return { from, post_count, users: participants > people ? [...users, Math.max(0, others)] : users };
    });
    return lifeOf(per, periods);
  });
  const names = () => {
    const people = (props.thread.stream[0] ?? []).map((_, at) => {
      const user = props.thread.users[at]?.user;
      return user ? displayName(user) : "";
    });
    return props.thread.participants > people.length ? [...people, text().others] : people;
  };
  const unit = () => life().unit;
  const href = (from: string) => {
    if (unit() === "day") return () => dayLink(from);
    return unit() === "year" ? () => filters.link("/", { year: String(Number(from.slice(0, 4))) }) : undefined;
  };
  const title = () => text().titles[unit()];
  const content = createMemo<Content>(() => ({
    label: text().who(title()),
    marks: life().periods.map(({ from, post_count, users }) => ({
      name: shortName(from, unit()),
      fullName: names().length > 1 ? `${fullName(from, unit())}: ${posts(post_count)}` : fullName(from, unit()),
      values: users,
      href: href(from),
    })),
    series: names(),
    valueText: posts,
    actionText: (at) => text().open(fullName(life().periods[at]?.from ?? "", unit())),
    isStacked: true,
  }));
  const silence = (): Gap | undefined => {
    const { silence_ended_by: end, longest_silence_s: length_s } = props.thread;
    if (!end || !length_s) return undefined;
    const at = (time_s: number) => indexOf(new Date(time_s * 1000).toISOString().slice(0, 10), life().periods);
    return {
      from: at(end.timestamp - length_s),
      to: at(end.timestamp),
      label: text().silence(duration(length_s)),
    };
  };
  return (
    <ChartCard
      title={title()}
      subject={threadTitle(props.thread.thread)}
      everyYear
      name={`thread-${props.thread.thread.tid}`}
      explained={["thread_life"]}
      chart={<Stream content={content()} gap={silence()} />}
      rows={life().periods}
      columns={[
        {
          name: text().units[unit()],
          isHeader: true,
          value: ({ from }) => from,
          cell: ({ from }) => fullName(from, unit()),
        },
        {
          name: text().all,
          isNumber: true,
          value: ({ post_count }) => post_count,
          cell: ({ post_count }) => number(post_count),
        },
        ...names().map((name, at) => ({
          name,
          isNumber: true,
          value: ({ users }: Period) => users[at] ?? 0,
          cell: ({ users }: Period) => number(users[at] ?? 0),
        })),
      ]}
      csv={() => [
        ["from", "post_count", ...names()],
        ...life().periods.map(({ from, post_count, users }) => [from, post_count, ...users]),
      ]}
    />
  );
}
