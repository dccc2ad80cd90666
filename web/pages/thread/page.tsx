import { useParams } from "@solidjs/router";
import { createResource, Show } from "solid-js";
import { answer, api, ApiError, type ThreadStats } from "../../api.ts";
import { below } from "../../base.ts";
import { dataOf, Failed, Loaded } from "../../components/loaded.tsx";
import { Page } from "../../components/page.tsx";
import { threadTitle } from "../../components/thread-link.tsx";
import { usePageTitle } from "../../current-page.ts";
import { texts } from "../../i18n/index.ts";
import { forumThread } from "../../status.ts";
import { ThreadFacts } from "./facts.tsx";
import { Life } from "./life.tsx";
import { People, Quoted } from "./lists.tsx";
import { Series } from "./series.tsx";

const text = texts({
  de: {
    lead: "Das Leben eines Threads",
    forum: "Im Forum lesen",
    posts: "Im Thread suchen",
    none: "Von diesem Thread sind keine Posts bekannt.",
    unknown: "Diesen Thread gibt es nicht",
    unknownLead: "Vielleicht wurde er gelöscht, oder die Adresse stimmt nicht.",
    allThreads: "Alle Threads",
    overview: "Zum Überblick",
  },
  en: {
    lead: "The life of a thread",
    forum: "Read in the forum",
    posts: "Search this thread",
    none: "No posts of this thread are known.",
    unknown: "There is no such thread",
    unknownLead: "It may have been deleted, or the address is wrong.",
    allThreads: "All threads",
    overview: "Go to the overview",
  },
});

/** One thread: its numbers, its life, its people, its most quoted posts, and its place in a series. */
export default function ThreadPage() {
  const parameters = useParams<{ tid: string }>();
  const pageTitle = usePageTitle();
  const [thread, { refetch }] = createResource(
    () => ({ tid: parameters.tid }),
    (query) => answer(api.thread.$get({ query })),
  );
  /** Undefined while another thread is being loaded. */
  const current = () => {
    const loaded = dataOf(thread);
    return loaded?.thread.tid === Number(parameters.tid) ? loaded.thread : undefined;
  };
  const title = () => {
    const loaded = current();
    return loaded ? threadTitle(loaded) : `${pageTitle()} ${parameters.tid}`;
  };
  return (
    <Show
      when={thread.state !== "errored"}
      fallback={
        <Show
          when={isUnknown(thread.error)}
          fallback={
            <Page title={`${pageTitle()} ${parameters.tid}`}>
              <Failed error={thread.error} retry={() => void refetch()} />
            </Page>
          }
        >
          <UnknownThread />
        </Show>
      }
    >
      {/* The title of a thread that has not been loaded yet keeps its place. */}
      <div class="thread-head" classList={{ unnamed: current() === undefined }}>
        <Page
          title={title()}
          lead={current()?.subtitle || text().lead}
          tools={<ThreadLinks tid={Number(parameters.tid)} />}
        >
          {null}
        </Page>
      </div>
      <Loaded resource={thread} refetch={refetch} height="60rem">
        {(data) => <Found thread={data()} />}
      </Loaded>
    </Show>
  );
}

const Found = (props: { thread: ThreadStats }) => (
  <>
    <Show when={props.thread.series}>{(series) => <Series series={series()} />}</Show>
    <Show when={props.thread.post_count > 0} fallback={<p class="card message">{text().none}</p>}>
      <ThreadFacts thread={props.thread} />
      {/* A single day has no course. */}
      <Show when={props.thread.timeline.length > 1}>
        <Life thread={props.thread} />
      </Show>
      <div class="grid">
        <People thread={props.thread} />
        <Quoted thread={props.thread} />
      </div>
    </Show>
  </>
);

/** The API answers 400 for a thread that it does not know. */
const isUnknown = (error: unknown) => error instanceof ApiError && (error.status === 400 || error.status === 404);

const UnknownThread = () => (
  <Page title={text().unknown} lead={text().unknownLead}>
    <p class="tools">
      <a class="button" href={below("/threads")}>
        {text().allThreads}
      </a>
      <a class="button" href={below("/")}>
        {text().overview}
      </a>
    </p>
  </Page>
);

/** Links to this thread in the forum and in the search. */
const ThreadLinks = (props: { tid: number }) => (
  <>
    <a class="button" href={forumThread(props.tid)} rel="noreferrer">
      {text().forum}
    </a>
    <a class="button" href={below(`/search?${new URLSearchParams({ q: `thread:${props.tid}` })}`)}>
      {text().posts}
    </a>
  </>
);
