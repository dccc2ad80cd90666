import { type JSX, Show } from "solid-js";
import type { ThreadStats } from "../../api.ts";
import { Card } from "../../components/card.tsx";
import { Total } from "../../components/page.tsx";
import { PostLink } from "../../components/post-link.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useDayLink } from "../../day-link.ts";
import { useFilters } from "../../filters.ts";
import { plural } from "../../i18n/formats.ts";
import { duration, number, shortDay, t, texts } from "../../i18n/index.ts";

const text = texts({
  de: {
    participants: (count: number) => plural(count, "Teilnehmer", "Teilnehmer"),
    quoted: (count: number) => plural(count, "Zitat", "Zitate"),
    lifetime: "vom ersten bis zum letzten Post",
    title: "Was geschah",
    opened: "Eröffnet",
    board: "Forum",
    reply: "Erste Antwort",
    noReply: "Niemand hat geantwortet.",
    half: "Halbwertszeit",
    halfMeans: "dann war die Hälfte der Posts geschrieben",
    silence: "Längste Stille",
    endedBy: "beendet von",
    busiest: "Aktivster Tag",
    last: "Letzter Post",
    by: "von",
  },
  en: {
    participants: (count) => plural(count, "participant", "participants"),
    quoted: (count) => plural(count, "quote", "quotes"),
    lifetime: "from the first to the last post",
    title: "What happened",
    opened: "Started",
    board: "Board",
    reply: "First reply",
    noReply: "Nobody has replied.",
    half: "Half-life",
    halfMeans: "by then half of the posts were written",
    silence: "Longest silence",
    endedBy: "ended by",
    busiest: "Busiest day",
    last: "Last post",
    by: "by",
  },
});

/** A thread's numbers, and the moments of its life with links to them. */
export const ThreadFacts = (props: { thread: ThreadStats }) => (
  <>
    <div class="totals">
      <Total value={props.thread.post_count} name={t().units.posts(props.thread.post_count)} />
      <Total value={props.thread.participants} name={text().participants(props.thread.participants)} />
      <Total value={props.thread.times_quoted} name={text().quoted(props.thread.times_quoted)} />
      <div class="card total">
        <b>{duration(props.thread.lifetime_s ?? 0)}</b>
        <span>{text().lifetime}</span>
      </div>
    </div>
    <Moments thread={props.thread} />
  </>
);

function Moments(props: { thread: ThreadStats }) {
  const filters = useFilters();
  const dayLink = useDayLink();
  return (
    <Card title={text().title}>
      <dl class="facts moments">
        <Show when={props.thread.board}>
          {(board) => (
            <Moment name={text().board}>
              <a lang="de" href={filters.link("/threads", { bid: String(props.thread.bid) })}>
                {board()}
              </a>
            </Moment>
          )}
        </Show>
        <Show when={props.thread.first}>
          {(first) => (
            <Moment name={text().opened}>
              <PostLink post={first()} /> {text().by} <UserLink user={first().user} />
            </Moment>
          )}
        </Show>
        <Moment name={text().reply}>
          {props.thread.first_reply_s === null ? text().noReply : duration(props.thread.first_reply_s)}
        </Moment>
        <Show when={props.thread.post_count > 1 && props.thread.half_life_s}>
          {(half_s) => (
            <Moment name={text().half}>
              {duration(half_s())}: {text().halfMeans}
            </Moment>
          )}
        </Show>
        <Show when={props.thread.busiest_day}>
          {(busiest) => (
            <Moment name={text().busiest}>
              <a href={dayLink(busiest().day)}>{shortDay(busiest().day)}</a>: {number(busiest().post_count)}{" "}
              {t().units.posts(busiest().post_count)}
            </Moment>
          )}
        </Show>
        <Show when={props.thread.longest_silence_s !== null && props.thread.silence_ended_by}>
          {(post) => (
            <Moment name={text().silence}>
              {duration(props.thread.longest_silence_s ?? 0)}, {text().endedBy} <UserLink user={post().user} /> (
              <PostLink post={post()} />)
            </Moment>
          )}
        </Show>
        <Show when={props.thread.last}>
          {(last) => (
            <Moment name={text().last}>
              <PostLink post={last()} /> {text().by} <UserLink user={last().user} />
            </Moment>
          )}
        </Show>
      </dl>
    </Card>
  );
}

const Moment = (props: { name: string; children: JSX.Element }) => (
  <div>
    <dt>{props.name}</dt>
    <dd>{props.children}</dd>
  </div>
);
