import { For, Show } from "solid-js";
import type { OnThisDay } from "../../api.ts";
import { PostLink } from "../../components/post-link.tsx";
import { ThreadLink } from "../../components/thread-link.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useDayLink } from "../../day-link.ts";
import { plural } from "../../i18n/formats.ts";
import { number, t, texts, weekday } from "../../i18n/index.ts";
import { weekdayOf } from "../../charts/dates.ts";
import { yearsAgo } from "../../years-ago.ts";

const text = texts({
  de: {
    busiest: "Am meisten los war in",
    among: "Unter anderem in",
    quoted: "Am häufigsten zitiert wurde",
    quotedBy: "ein Post von",
    times: (count: number) => (count === 1 ? "einmal" : `${number(count)}-mal`),
    users: (count: number) => plural(count, "Nutzer", "Nutzer"),
    milestone: (count: string) => `Der ${count}. Post des Forums`,
    by: "von",
  },
  en: {
    busiest: "The busiest thread was",
    among: "Among the threads was",
    quoted: "Most quoted was",
    quotedBy: "a post by",
    times: (count) => (count === 1 ? "once" : `${number(count)} times`),
    users: (count) => plural(count, "user", "users"),
    milestone: (count) => `The forum’s post number ${count}`,
    by: "by",
  },
});

/** What happened on a date in one year. */
export function DayInYear(props: { row: OnThisDay["rows"][number]; date: string }) {
  const dayLink = useDayLink();
  const iso = () => `${String(props.row.year).padStart(4, "0")}-${props.date}`;
  const ago = () => yearsAgo(props.row.year, props.date);
  return (
    <li class="card">
      <h2>
        <a href={dayLink(iso())}>{props.row.year}</a>
        <span class="aliases">
          {[ago(), weekday(weekdayOf(Date.parse(`${iso()}T00:00:00Z`)))].filter(Boolean).join(" · ")}
        </span>
      </h2>
      <p class="day-numbers">
        <Count value={props.row.post_count} unit={t().units.posts(props.row.post_count)} />
        <Count value={props.row.active_users} unit={text().users(props.row.active_users)} />
        <Show when={props.row.threads_created}>
          {(count) => <Count value={count()} unit={t().units.newThreads(count())} />}
        </Show>
      </p>
      <p>
        {props.row.busiest_thread.post_count > 1 ? text().busiest : text().among}{" "}
        <ThreadLink thread={props.row.busiest_thread.thread} />{" "}
        <Show when={props.row.busiest_thread.post_count > 1}>
          <span class="aliases">
            {number(props.row.busiest_thread.post_count)} {t().units.posts(props.row.busiest_thread.post_count)}
          </span>
        </Show>
      </p>
      <Show when={props.row.most_quoted}>
        {(quoted) => (
          <p>
            {text().quoted} <PostLink post={quoted().post}>{text().quotedBy}</PostLink>{" "}
            <UserLink user={quoted().post.user} /> <span class="aliases">{text().times(quoted().quoted_count)}</span>
          </p>
        )}
      </Show>
    </li>
  );
}

const Count = (props: { value: number; unit: string }) => (
  <span>
    <b>{number(props.value)}</b> {props.unit}
  </span>
);

/** The milestones that were reached on the date. */
export const MilestonesOn = (props: { milestones: OnThisDay["milestones"] }) => (
  <For each={props.milestones}>
    {({ number: count, post }) => (
      <p class="card milestone-on">
        <b>{text().milestone(number(count))}</b>
        <span>
          {text().by} <UserLink user={post.user} />, <PostLink post={post} />
        </span>
      </p>
    )}
  </For>
);
