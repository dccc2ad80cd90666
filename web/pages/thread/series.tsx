import { type JSX, Show } from "solid-js";
import type { Thread, ThreadStats } from "../../api.ts";
import { ThreadLink } from "../../components/thread-link.tsx";
import { number, texts } from "../../i18n/index.ts";

const text = texts({
  de: {
    title: "Reihe",
    place: (position: number, threads: number) => `Teil ${number(position)} von ${number(threads)} dieser Reihe`,
    previous: "Voriger Teil",
    next: "Nächster Teil",
    first: "Hier beginnt die Reihe.",
    last: "Bis hierher geht die Reihe.",
  },
  en: {
    title: "Series",
    place: (position, threads) => `Part ${number(position)} of ${number(threads)} of this series`,
    previous: "Previous part",
    next: "Next part",
    first: "The series begins here.",
    last: "The series ends here.",
  },
});

/** The place of a thread among those with the same title and a number, with its neighbors to page through. */
export const Series = (props: { series: NonNullable<ThreadStats["series"]> }) => (
  <nav class="card series" aria-label={text().title}>
    <p class="series-place">{text().place(props.series.position, props.series.threads)}</p>
    <Neighbor name={`← ${text().previous}`} thread={props.series.previous} none={text().first} />
    <Neighbor name={`${text().next} →`} thread={props.series.next} none={text().last} isNext />
  </nav>
);

const Neighbor = (props: { name: JSX.Element; thread: Thread | null; none: string; isNext?: boolean }) => (
  <p classList={{ "series-next": props.isNext ?? false }}>
    <Show when={props.thread} fallback={<span class="aliases">{props.none}</span>}>
      {(thread) => (
        <>
          <span class="aliases">{props.name}</span>
          <ThreadLink thread={thread()} />
        </>
      )}
    </Show>
  </p>
);
