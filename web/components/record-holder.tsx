import { Match, Switch } from "solid-js";
import { useDayLink } from "../day-link.ts";
import { useFilters } from "../filters.ts";
import { texts } from "../i18n/index.ts";
import { PostLink } from "./post-link.tsx";
import { recordMoment, type RecordEntry, type RecordName } from "./records.ts";
import { ThreadLink } from "./thread-link.tsx";
import { UserLink } from "./user-link.tsx";

const text = texts({
  de: { by: "von", in: "in", startedBy: "eröffnet von", endedBy: "beendet von" },
  en: { by: "by", in: "in", startedBy: "started by", endedBy: "ended by" },
});

const ofThreads: readonly RecordName[] = ["largest_thread", "most_participants", "fastest_thread", "longest_silence"];

/** Who or what holds a record, or held it: links to the user, the thread, the post or the time. */
export const RecordHolder = (props: { record: RecordName; entry: RecordEntry }) => (
  <Switch fallback={<Moment record={props.record} entry={props.entry} />}>
    <Match when={ofThreads.includes(props.record) && props.entry}>
      {(entry) => <ThreadHolder record={props.record} entry={entry()} />}
    </Match>
    <Match when={props.entry.post}>
      {(post) => (
        <>
          <UserLink user={post().user} />, <Moment record={props.record} entry={props.entry} /> {text().in}{" "}
          {props.entry.thread && <ThreadLink thread={props.entry.thread} />}
        </>
      )}
    </Match>
    <Match when={props.entry.user}>
      {(user) => (
        <>
          <UserLink user={user()} />, <Moment record={props.record} entry={props.entry} />
        </>
      )}
    </Match>
  </Switch>
);

const ThreadHolder = (props: { record: RecordName; entry: RecordEntry }) => (
  <>
    {props.entry.thread && <ThreadLink thread={props.entry.thread} />},{" "}
    {props.record === "longest_silence" ? text().endedBy : text().startedBy}{" "}
    {props.entry.user && <UserLink user={props.entry.user} />}, <Moment record={props.record} entry={props.entry} />
  </>
);

/** The time of an entry: a link to its post, its day or its year, unless it is a week or a month. */
function Moment(props: { record: RecordName; entry: RecordEntry }) {
  const dayLink = useDayLink();
  const filters = useFilters();
  const name = () => recordMoment(props.record, props.entry);
  const href = () => {
    const { day } = props.entry;
    if (props.record.endsWith("_year")) return filters.link("/", { year: String(Number(day.slice(0, 4))) });
    return /_(?:week|month)$/.test(props.record) ? undefined : dayLink(day);
  };
  return (
    <Switch fallback={<span>{name()}</span>}>
      <Match when={props.entry.post}>{(post) => <PostLink post={post()}>{name()}</PostLink>}</Match>
      <Match when={href()}>{(to) => <a href={to()}>{name()}</a>}</Match>
    </Switch>
  );
}
