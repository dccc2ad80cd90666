import { createResource, For, type JSX, Show } from "solid-js";
import { answer, api, type News } from "../../api.ts";
import { Card } from "../../components/card.tsx";
import { dataOf, Loaded } from "../../components/loaded.tsx";
import { RecordHolder } from "../../components/record-holder.tsx";
import { recordTitle, recordValue } from "../../components/records.ts";
import { spanText } from "../../components/spans.ts";
import { UserLink } from "../../components/user-link.tsx";
import { plural } from "../../i18n/formats.ts";
import { number, shortDay, t, texts } from "../../i18n/index.ts";
import { status } from "../../status.ts";
import { ShowAll } from "./show-all.tsx";
import { localDay } from "../../today.ts";

const text = texts({
  de: {
    title: "Was gibt’s Neues?",
    outdated: (day: string) => `Seit dem ${day} ist nichts Neues dazugekommen. So war die Woche davor.`,
    before: (value: string) => `davor ${value}`,
    users: (count: number) => plural(count, "Nutzer", "Nutzer"),
    record: "Neuester Rekord",
    milestone: (missing: string, count: string) => `Noch ${missing} bis zum ${count}. Post.`,
    lastMissing: (count: string) => `Noch einer bis zum ${count}. Post.`,
    places: "Die Fleißigsten der Woche",
    won: (places: string) => `${places} Plätze gewonnen`,
    wonOne: "einen Platz gewonnen",
    lost: (places: string) => `${places} Plätze verloren`,
    lostOne: "einen Platz verloren",
    same: "gleicher Platz wie in der Woche davor",
    isNew: "neu",
    wasAway: "in der Woche davor ohne Posts",
    nobody: "In dieser Woche schrieb niemand.",
  },
  en: {
    title: "What’s new?",
    outdated: (day) => `Nothing new since ${day}. This was the week before.`,
    before: (value) => `${value} before`,
    users: (count) => plural(count, "user", "users"),
    record: "Newest record",
    milestone: (missing, count) => `${missing} posts to go until post number ${count}.`,
    lastMissing: (count) => `One post to go until post number ${count}.`,
    places: "Most active this week",
    won: (places) => `up ${places} places`,
    wonOne: "up one place",
    lost: (places) => `down ${places} places`,
    lostOne: "down one place",
    same: "same place as the week before",
    isNew: "new",
    wasAway: "no posts the week before",
    nobody: "Nobody has written this week.",
  },
});

const maxAge_ms = 7 * 86_400_000;

/** The day of the last crawl, if that was more than a week ago; "" otherwise, and until it is known. */
function outdatedSince(to: string): string {
  const current = status();
  if (!current) return "";
  const { last_crawl_at } = current;
  if (last_crawl_at === null) return to;
  return Date.now() - Date.parse(last_crawl_at) > maxAge_ms ? localDay(Date.parse(last_crawl_at) / 1000) : "";
}

/** The latest week against the one before, who won and lost places, the newest record, and the next milestone. */
export function NewsCards() {
  const [news, { refetch }] = createResource(() => answer(api.news.$get()));
  return (
    <Show when={dataOf(news)?.from !== null}>
      <Loaded resource={news} refetch={refetch} height="100%">
        {(data) => (
          <>
            <Week news={data()} />
            <Places places={data().places} />
          </>
        )}
      </Loaded>
    </Show>
  );
}

function Week(props: { news: News }) {
  const { week, before } = props.news;
  const since = () => outdatedSince(props.news.to ?? "");
  return (
    <Card title={text().title}>
      <p class="news-span aliases">
        <Show when={since()} fallback={spanText({ from: props.news.from ?? "", to: props.news.to ?? "" })}>
          {(day) => text().outdated(shortDay(day()))}
        </Show>
      </p>
      <div class="news-numbers">
        <Change now={week.post_count} before={before.post_count} name={t().units.posts(week.post_count)} />
        <Change now={week.active_users} before={before.active_users} name={text().users(week.active_users)} />
        <Change
          now={week.threads_created}
          before={before.threads_created}
          name={t().units.threads(week.threads_created)}
        />
      </div>
      <Show when={props.news.record}>{(record) => <NewestRecord record={record()} />}</Show>
      <Milestone milestone={props.news.next_milestone} />
    </Card>
  );
}

const arrowOf = (now: number, before: number) => (now > before ? "▲" : now < before ? "▼" : "");

/** A number of the week, and that of the week before. */
const Change = (props: { now: number; before: number; name: string }) => (
  <p>
    <b>{number(props.now)}</b>
    <span>{props.name}</span>
    <small>
      <span aria-hidden="true">{arrowOf(props.now, props.before)} </span>
      {text().before(number(props.before))}
    </small>
  </p>
);

const NewestRecord = (props: { record: NonNullable<News["record"]> }) => (
  <div class="news-record">
    <h3>
      {text().record} <ShowAll path="/records" isShort />
    </h3>
    <p>
      {recordTitle(props.record.record)}: <b>{recordValue(props.record.record, props.record.value)}</b>
    </p>
    <p class="two-lines aliases">
      <RecordHolder record={props.record.record} entry={props.record} />
    </p>
  </div>
);

const Milestone = (props: { milestone: News["next_milestone"] }) => {
  const goal = () => number(props.milestone.number);
  const share = () => 1 - props.milestone.missing / props.milestone.number;
  return (
    <p class="news-milestone">
      <span>
        {props.milestone.missing === 1
          ? text().lastMissing(goal())
          : text().milestone(number(props.milestone.missing), goal())}
      </span>
      <i class="progress" aria-hidden="true">
        <i style={{ width: `${100 * share()}%` }} />
      </i>
    </p>
  );
};

/** The ten busiest users of the week, and how many places each has won or lost. */
const Places = (props: { places: News["places"] }) => (
  <Card title={text().places}>
    <Show when={props.places.length > 0} fallback={<p class="aliases">{text().nobody}</p>}>
      <ol class="places">
        <For each={props.places}>
          {({ user, post_count, place, before }) => (
            <li>
              <span class="number">{place}.</span>
              <span class="cut">
                <UserLink user={user} />
              </span>
              <Move place={place} before={before} />
              <span class="number">
                {number(post_count)} {t().units.posts(post_count)}
              </span>
            </li>
          )}
        </For>
      </ol>
    </Show>
  </Card>
);

/** The places that a user has won or lost. */
function Move(props: { place: number; before: number | null }) {
  const by = () => (props.before ?? props.place) - props.place;
  const shown = (): { sign: JSX.Element; kind: string; spoken: string } => {
    const places = Math.abs(by());
    if (props.before === null) return { sign: text().isNew, kind: "new", spoken: text().wasAway };
    if (places === 0) return { sign: "=", kind: "same", spoken: text().same };
    if (by() > 0)
      return {
        sign: `▲ ${number(places)}`,
        kind: "won",
        spoken: places === 1 ? text().wonOne : text().won(number(places)),
      };
    return {
      sign: `▼ ${number(places)}`,
      kind: "lost",
      spoken: places === 1 ? text().lostOne : text().lost(number(places)),
    };
  };
  return (
    <span class={`move ${shown().kind}`} title={shown().spoken}>
      <span aria-hidden="true">{shown().sign}</span>
      <span class="sr-only">{shown().spoken}</span>
    </span>
  );
}
