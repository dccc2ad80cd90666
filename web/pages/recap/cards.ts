/** The cards of a recap: what each says, shows and lists, made of what there is. */
import type { Post, Recap, Thread, User } from "../../api.ts";
import { isoDay, midnightsOf, weekdayOf } from "../../charts/dates.ts";
import { recordMoment, recordTitle, recordValue } from "../../components/records.ts";
import { threadTitle } from "../../components/thread-link.tsx";
import { displayName } from "../../display-name.ts";
import { dateTime, day, month, number, percent, shortDay, shortWeekday, t, weekday } from "../../i18n/index.ts";
import { bars, calendar, clock, type Draw, position, share, span } from "./figures.ts";
import { type CardName, text } from "./texts.ts";

/** A part of a sentence, with the page that it names. */
export interface Part {
  text: string;
  href?: string | undefined;
}

export interface RecapCard {
  name: CardName;
  /** The large text: a number, or a name. */
  value: Part;
  unit: string;
  lines: Part[][];
  facts?: { name: string; value: string; before: string }[];
  draw?: Draw;
  /** The same as a table. Numbers are aligned right. */
  columns: { name: string; isNumber?: boolean }[];
  rows: Part[][];
}

/** The addresses of what cards name; undefined where there is none. */
export interface Links {
  user: (user: User) => string;
  pair: (user: User, other: User) => string;
  thread: (thread: Thread) => string;
  board: (bid: number) => string;
  day: (iso: string) => string;
  domain: (domain: string) => string;
  post: (post: Post) => string | undefined;
}

const plain = (content: string): Part => ({ text: content });
const posts = (count: number) => `${number(count)} ${t().units.posts(count)}`;
const columnsOf = (...names: string[]) => names.map((name) => ({ name }));
const withNumber = (...names: string[]) => names.map((name, at) => ({ name, isNumber: at === names.length - 1 }));

/** "8 % mehr als 2016 (11.431)" */
function comparison(now: number, before: number, year: number): string {
  if (before === 0) return text().firstYear(year);
  if (now === before) return text().same(year);
  const rate = percent(Math.abs(now - before) / before);
  return now > before ? text().more(rate, year, number(before)) : text().fewer(rate, year, number(before));
}

const measures = ["threads_created", "active_users", "quoted_count", "quotes_count", "avg_post_length"] as const;

function totalsCard({ year, totals, before, days }: Recap): RecapCard {
  const values = totals as Partial<Record<(typeof measures)[number], number>>;
  const former = before as typeof values;
  const known = measures.flatMap((name) => {
    const [now, earlier] = [values[name], former[name]];
    return now === undefined || earlier === undefined ? [] : [{ name: t().statistics[name], now, earlier }];
  });
  const postsRow = { name: t().statistics.post_count, now: totals.post_count, earlier: before.post_count };
  const daysRow = { name: text().titles.days, now: totals.active_days, earlier: before.active_days };
  const byMonth = new Map<string, number>();
  for (const { day: iso, post_count } of days)
    byMonth.set(iso.slice(5, 7), (byMonth.get(iso.slice(5, 7)) ?? 0) + post_count);
  const most = Math.max(...byMonth.values());
  const months = midnightsOf(year).filter((time_ms) => isoDay(time_ms).endsWith("-01"));
  return {
    name: "totals",
    value: plain(number(totals.post_count)),
    unit: t().units.posts(totals.post_count),
    lines: [[plain(comparison(totals.post_count, before.post_count, year - 1))]],
    facts: known.slice(0, 4).map(({ name, now, earlier }) => ({
      name,
      value: number(now),
      before: text().before(number(earlier), year - 1),
    })),
    draw: bars(
      months.map((time_ms) => {
        const value = byMonth.get(isoDay(time_ms).slice(5, 7)) ?? 0;
        return { name: month(time_ms).slice(0, 3), value, isBest: value === most };
      }),
      0.09,
    ),
    columns: [{ name: text().measure }, ...[year, year - 1].map((of) => ({ name: String(of), isNumber: true }))],
    rows: [postsRow, ...known, daysRow].map(({ name, now, earlier }) =>
      [name, number(now), number(earlier)].map(plain),
    ),
  };
}

function placeCard({ year, user, place }: Recap): RecapCard | undefined {
  if (!place?.place) return undefined;
  const { place: now, before, of } = place;
  return {
    name: "place",
    value: plain(text().place(now)),
    unit: user ? text().ofUsers(of) : text().ofBoards(of),
    lines: [[plain(before ? text().placeBefore(before, year - 1) : text().newPlace(year - 1))]],
    draw: position(now, of),
    columns: withNumber(t().columns.year, text().titles.place),
    rows: [[String(year), number(now)].map(plain), ...(before ? [[String(year - 1), number(before)].map(plain)] : [])],
  };
}

const valuesOf = ({ days }: Recap) => new Map(days.map(({ day: iso, post_count }) => [iso, post_count]));

function daysCard(recap: Recap, links: Links): RecapCard {
  const { year, days } = recap;
  return {
    name: "days",
    value: plain(number(days.length)),
    unit: text().ofDays(midnightsOf(year).length),
    lines: [],
    draw: calendar(year, valuesOf(recap), month),
    columns: withNumber(t().columns.day, t().columns.posts),
    rows: days.map(({ day: iso, post_count }) => [
      { text: shortDay(iso), href: links.day(iso) },
      plain(number(post_count)),
    ]),
  };
}

/** Days before and after the busiest one in its picture. */
const around = 7;
const day_ms = 86_400_000;

function busiestDayCard(recap: Recap, links: Links): RecapCard | undefined {
  const { busiest_day: busiest, totals } = recap;
  if (!busiest) return undefined;
  const values = valuesOf(recap);
  const start_ms = Date.parse(busiest.day) - around * day_ms;
  // Days of other years are not known.
  const near = Array.from({ length: 2 * around + 1 }, (_, at) => isoDay(start_ms + at * day_ms)).filter(
    (iso) => iso.slice(0, 4) === busiest.day.slice(0, 4),
  );
  return {
    name: "busiest_day",
    value: plain(number(busiest.post_count)),
    unit: t().units.posts(busiest.post_count),
    lines: [
      [plain(`${text().on} `), { text: day(busiest.day), href: links.day(busiest.day) }],
      [plain(text().ofAll(percent(busiest.post_count / totals.post_count)))],
    ],
    draw: bars(
      near.map((iso) => ({
        name: shortWeekday(weekdayOf(Date.parse(iso))).slice(0, 2),
        value: values.get(iso) ?? 0,
        isBest: iso === busiest.day,
      })),
    ),
    columns: withNumber(t().columns.day, t().columns.posts),
    rows: near
      .filter((iso) => values.has(iso))
      .map((iso) => [{ text: shortDay(iso), href: links.day(iso) }, plain(number(values.get(iso) ?? 0))]),
  };
}

function hourCard({ favourite_hour: favourite, totals }: Recap): RecapCard | undefined {
  if (!favourite) return undefined;
  const name = text().hours(favourite.hour);
  return {
    name: "favourite_hour",
    value: plain(name),
    unit: posts(favourite.post_count),
    lines: [[plain(text().ofAll(percent(favourite.post_count / totals.post_count)))]],
    draw: clock(favourite.hour),
    columns: withNumber(t().columns.hour, t().columns.posts),
    rows: [[name, number(favourite.post_count)].map(plain)],
  };
}

function weekdayCard({ favourite_weekday: favourite, days, totals }: Recap): RecapCard | undefined {
  if (!favourite) return undefined;
  const counts = Array.from({ length: 7 }, () => 0);
  for (const { day: iso, post_count } of days) {
    const at = weekdayOf(Date.parse(iso));
    counts[at] = (counts[at] ?? 0) + post_count;
  }
  const best = Number(favourite.weekday) - 1;
  return {
    name: "favourite_weekday",
    value: plain(weekday(best)),
    unit: posts(favourite.post_count),
    lines: [[plain(text().ofAll(percent(favourite.post_count / totals.post_count)))]],
    draw: bars(
      counts.map((value, at) => ({ name: shortWeekday(at), value, isBest: at === best })),
      0.12,
    ),
    columns: withNumber(t().columns.weekday, t().columns.posts),
    rows: counts.map((value, at) => [weekday(at), number(value)].map(plain)),
  };
}

function boardCard({ favourite_board: favourite, totals }: Recap, links: Links): RecapCard | undefined {
  if (!favourite) return undefined;
  const part = favourite.post_count / totals.post_count;
  const value = { text: favourite.name, href: links.board(favourite.bid) };
  return {
    name: "favourite_board",
    value,
    unit: posts(favourite.post_count),
    lines: [[plain(text().ofAll(percent(part)))]],
    draw: share(part),
    columns: withNumber(t().columns.board, t().columns.posts),
    rows: [[value, plain(number(favourite.post_count))]],
  };
}

function streakCard({ year, user, longest_streak: streak }: Recap, links: Links): RecapCard | undefined {
  if (!streak) return undefined;
  const { days, from, to } = streak;
  const who = { text: displayName(streak.user), href: links.user(streak.user) };
  return {
    name: "longest_streak",
    value: plain(number(days)),
    unit: text().inARow(days),
    lines: [
      ...(user ? [] : [[plain(`${text().by} `), who]]),
      [
        { text: shortDay(from), href: links.day(from) },
        ...(from === to ? [] : [plain(" – "), { text: shortDay(to), href: links.day(to) }]),
      ],
    ],
    draw: span(year, from, to, month),
    columns: columnsOf(text().who, text().from, text().to).concat({ name: text().titles.longest_streak }),
    rows: [[who, plain(shortDay(from)), plain(shortDay(to)), plain(number(days))]],
  };
}

function threadCard({ top_thread: top, totals }: Recap, links: Links): RecapCard | undefined {
  if (!top) return undefined;
  const part = top.post_count / totals.post_count;
  const title = { text: threadTitle(top.thread), href: links.thread(top.thread) };
  return {
    name: "top_thread",
    value: plain(number(top.post_count)),
    unit: t().units.posts(top.post_count),
    lines: [[title], [plain(text().ofAll(percent(part)))]],
    draw: share(part),
    columns: withNumber(t().columns.thread, t().columns.posts),
    rows: [[title, plain(number(top.post_count))]],
  };
}

function quotedPostCard({ most_quoted: most }: Recap, links: Links): RecapCard | undefined {
  if (!most) return undefined;
  const { post, quoted_count } = most;
  const who = { text: displayName(post.user), href: links.user(post.user) };
  const when = { text: dateTime(new Date(post.timestamp * 1000)), href: links.post(post) };
  return {
    name: "most_quoted",
    value: plain(number(quoted_count)),
    unit: text().timesQuoted(quoted_count),
    lines: [[plain(`${text().by} `), who], [when]],
    columns: withNumber(text().who, text().when, t().statistics.quoted_count),
    rows: [[who, when, plain(number(quoted_count))]],
  };
}

function quotesCard(name: "quotes_most" | "quoted_most_by", recap: Recap, links: Links): RecapCard | undefined {
  const most = recap[name];
  if (!most) return undefined;
  const who = { text: displayName(most.user), href: links.user(most.user) };
  const { user } = recap;
  const both = user && {
    text: text().both(displayName(user), displayName(most.user)),
    href: links.pair(user, most.user),
  };
  return {
    name,
    value: who,
    unit: text().times(most.count),
    lines: both ? [[both]] : [],
    columns: withNumber(t().columns.user, t().columns.count),
    rows: [[who, plain(number(most.count))]],
  };
}

function domainCard({ top_domain: top }: Recap, links: Links): RecapCard | undefined {
  if (!top) return undefined;
  const domain = { text: top.domain, href: links.domain(top.domain) };
  return {
    name: "top_domain",
    value: domain,
    unit: `${number(top.count)} ${text().links(top.count)}`,
    lines: [],
    columns: withNumber(t().columns.domain, t().columns.count),
    rows: [[domain, plain(number(top.count))]],
  };
}

/** Records on the card; the table has all. */
const maxRecords = 3;

function recordsCard({ user, records }: Recap, links: Links): RecapCard | undefined {
  if (records.length === 0) return undefined;
  const rows = records.map((entry): Part[] => {
    const subject = entry.thread
      ? { text: threadTitle(entry.thread), href: links.thread(entry.thread) }
      : entry.user && !user
        ? { text: displayName(entry.user), href: links.user(entry.user) }
        : plain("");
    return [
      plain(recordTitle(entry.record)),
      plain(recordValue(entry.record, entry.value)),
      subject,
      { text: recordMoment(entry.record, entry), href: links.day(entry.day) },
    ];
  });
  // The greatest of each record: the last entry of the year.
  const latest = rows.filter((_, at) => records[at]?.record !== records[at + 1]?.record);
  const shown = latest.slice(0, maxRecords);
  const others = records.length - shown.length;
  return {
    name: "records",
    value: plain(number(records.length)),
    unit: text().records(records.length),
    lines: [
      ...shown.map(([title = plain(""), value = plain(""), subject = plain("")]) => [
        plain(`${title.text}: ${value.text}`),
        ...(subject.text === "" ? [] : [plain(", "), subject]),
      ]),
      ...(others > 0 ? [[plain(text().moreRecords(others))]] : []),
    ],
    columns: columnsOf(text().titles.records, t().columns.count, text().who, text().when),
    rows,
  };
}

function milestonesCard({ milestones }: Recap, links: Links): RecapCard | undefined {
  const last = milestones.at(-1);
  if (!last) return undefined;
  const rows = milestones.map(({ number: count, post }): Part[] => [
    plain(text().nth(number(count))),
    { text: displayName(post.user), href: links.user(post.user) },
    { text: dateTime(new Date(post.timestamp * 1000)), href: links.post(post) },
  ]);
  const [value = plain(""), who = plain(""), when = plain("")] = rows.at(-1) ?? [];
  return {
    name: "milestones",
    value,
    unit: text().post,
    lines: [
      [plain(`${text().by} `), who, plain(", "), when],
      ...rows.slice(0, -1).map(([nth = plain(""), by = plain("")]) => [plain(`${nth.text} ${text().post}: `), by]),
    ].slice(0, 4),
    columns: columnsOf(text().titles.milestones, text().who, text().when),
    rows,
  };
}

/** The cards, in order. What the selection has not is left out. */
export function cardsOf(recap: Recap, links: Links): RecapCard[] {
  if (recap.totals.post_count === 0) return [];
  return [
    totalsCard(recap),
    placeCard(recap),
    daysCard(recap, links),
    busiestDayCard(recap, links),
    hourCard(recap),
    weekdayCard(recap),
    boardCard(recap, links),
    streakCard(recap, links),
    threadCard(recap, links),
    quotedPostCard(recap, links),
    quotesCard("quotes_most", recap, links),
    quotesCard("quoted_most_by", recap, links),
    domainCard(recap, links),
    recordsCard(recap, links),
    milestonesCard(recap, links),
  ].filter((card) => card !== undefined);
}
