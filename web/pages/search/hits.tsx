import { createEffect, For, on, onCleanup, Show } from "solid-js";
import type { SearchAnswer } from "../../api.ts";
import { below } from "../../base.ts";
import { UserLink } from "../../components/user-link.tsx";
import { useFilters } from "../../filters.ts";
import { dateTime, number, t, texts } from "../../i18n/index.ts";
import { forumThread } from "../../status.ts";
import { Passages } from "./passages.tsx";

const text = texts({
  de: {
    thread: "Über den Thread",
    more: "Weitere Treffer",
    inThread: (count: string) => `${count} Treffer in diesem Thread`,
  },
  en: { thread: "About the thread", more: "More hits", inThread: (count) => `${count} hits in this thread` },
});

type PostHit = Extract<SearchAnswer, { type: "post" }>["results"][number];
type ThreadHit = Extract<SearchAnswer, { type: "thread" }>["results"][number];

/** What the hits need to know about their search. */
export interface HitContext {
  /** The query that all passages of a post are found by; "" if it has no words. */
  words: string;
  /** The URL of the search for all hits of a thread. */
  threadAddress: (tid: number) => string;
  focusBox: () => void;
}

/** @param props.walk moves the focus by a number of hits */
export const Hits = (props: {
  results: SearchAnswer["results"];
  context: HitContext;
  walk: (event: KeyboardEvent, step: 1 | -1) => void;
}) => (
  <ol
    class="hits"
    onKeyDown={(event) => {
      if (event.key === "ArrowDown") props.walk(event, 1);
      else if (event.key === "ArrowUp") props.walk(event, -1);
    }}
  >
    <For each={props.results}>
      {(hit) => ("pid" in hit ? <Post hit={hit} context={props.context} /> : <Thread hit={hit} />)}
    </For>
  </ol>
);

function Post(props: { hit: PostHit; context: HitContext }) {
  const others = () => ((props.hit.thread_count ?? 1) > 1 ? props.hit.thread_count : undefined);
  const time = () => new Date(props.hit.timestamp * 1000);
  const filters = useFilters();
  return (
    <li class="card">
      <a class="hit-title" href={forumThread(props.hit.thread.tid, props.hit.pid)} rel="noreferrer">
        {props.hit.thread.title || `#${props.hit.thread.tid}`}
      </a>
      <p class="hit-head">
        <span>
          <UserLink user={props.hit.user} />
        </span>
        <span>{props.hit.board}</span>
        <time datetime={time().toISOString()}>{dateTime(time())}</time>
        <a href={filters.link(`/threads/${props.hit.thread.tid}`)}>{text().thread}</a>
      </p>
      {/* The server escapes everything but <strong>. */}
      <p class="snippet" innerHTML={props.hit.snippet} />
      <Show when={others()}>
        {(count) => (
          <p class="hit-foot">
            <a href={props.context.threadAddress(props.hit.thread.tid)} onClick={() => props.context.focusBox()}>
              {text().inThread(number(count()))}
            </a>
          </p>
        )}
      </Show>
      <Show when={props.context.words !== ""}>
        <Passages content={props.context.words} pid={props.hit.pid} />
      </Show>
    </li>
  );
}

/** The URL of the search for the threads with a tag. Quotation marks in the tag are doubled. */
const tagged = (tag: string) =>
  below(`/search?${new URLSearchParams({ q: `tag:"${tag.replaceAll('"', '""')}"`, type: "thread" })}`);

function Thread(props: { hit: ThreadHit }) {
  const filters = useFilters();
  return (
    <li class="card">
      <a
        class="hit-title snippet"
        href={filters.link(`/threads/${props.hit.tid}`)}
        innerHTML={props.hit.title_html || `#${props.hit.tid}`}
      />
      <p class="snippet" innerHTML={props.hit.subtitle_html} />
      <p class="hit-head">
        <Show when={props.hit.user}>
          {(user) => (
            <span>
              <UserLink user={user()} />
            </span>
          )}
        </Show>
        <span>{props.hit.board}</span>
        <Show when={props.hit.timestamp}>{(timestamp) => <time>{dateTime(new Date(timestamp() * 1000))}</time>}</Show>
        <span>
          {number(props.hit.post_count)} {t().units.posts(props.hit.post_count)}
        </span>
        <For each={props.hit.tags}>{(tag) => <a href={tagged(tag)}>{tag}</a>}</For>
      </p>
    </li>
  );
}

/**
 * Loads more hits when it scrolls into view, once for each answer. It is also a button, for readers who do not scroll.
 */
export function More(props: { after: SearchAnswer; load: () => void }) {
  const watch = (element: HTMLElement) =>
    createEffect(
      on(
        () => props.after,
        () => {
          const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && props.load(), {
            rootMargin: "600px",
          });
          observer.observe(element);
          onCleanup(() => observer.disconnect());
        },
      ),
    );
  return (
    <p style={{ "margin-top": "1rem" }} ref={watch}>
      <button type="button" class="button" onClick={() => props.load()}>
        {text().more}
      </button>
    </p>
  );
}
