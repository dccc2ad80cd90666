import { For, Show } from "solid-js";
import type { SearchAnswer } from "../../api.ts";
import { plural } from "../../i18n/formats.ts";
import { number, seconds, t, texts } from "../../i18n/index.ts";
import type { useAnswers } from "./answers.ts";

const text = texts({
  de: {
    hits: (_count: number, total: string, elapsed_s: string) => `${total} Treffer in ${elapsed_s} s`,
    moreThan: (count: string) => `mehr als ${count}`,
    typos: "So kommt es nirgends vor. Ähnliche Schreibweisen:",
    incomplete: (filter: string) => `„${filter}“ ist noch nicht vollständig.`,
    fallback: "Antwort von PostgreSQL, weil Meilisearch nicht antwortete",
    trends: "Über die Jahre zeigen",
    understood: "Verstanden als:",
    understoodLink: "Link zu dieser Suche, wie sie verstanden wurde",
    by: (name: string) => `von ${name}`,
    authors: "Nutzer mit diesem Namen",
    parts: {
      word: (part: string) => part,
      prefix: (part: string) => `${part}…`,
      exact: (part: string) => `genau ${part}`,
      phrase: (part: string) => `„${part}“`,
      excluded: (part: string) => `ohne ${part}`,
      user: (part: string) => `von ${part}`,
      board: (part: string) => `in ${part}`,
      thread: (part: string) => `im Thread ${part}`,
      year: (part: string) => part,
      before: (part: string) => `vor ${part}`,
      after: (part: string) => `ab ${part}`,
      has: (part: string) => `mit ${{ link: "Link", image: "Bild", video: "Video" }[part] ?? part}`,
      tag: (part: string) => `Tag ${part}`,
    },
  },
  en: {
    hits: (count, total, elapsed_s) => `${total} ${plural(count, "hit", "hits")} in ${elapsed_s} s`,
    moreThan: (count) => `more than ${count}`,
    typos: "No exact matches. Similar spellings:",
    incomplete: (filter) => `“${filter}” is not complete yet.`,
    fallback: "answered by PostgreSQL because Meilisearch did not respond",
    trends: "Show over the years",
    understood: "Understood as:",
    understoodLink: "Link to this search as it was understood",
    by: (name) => `by ${name}`,
    authors: "Users with this name",
    parts: {
      word: (part) => part,
      prefix: (part) => `${part}…`,
      exact: (part) => `exactly ${part}`,
      phrase: (part) => `“${part}”`,
      excluded: (part) => `without ${part}`,
      user: (part) => `by ${part}`,
      board: (part) => `in ${part}`,
      thread: (part) => `in thread ${part}`,
      year: (part) => part,
      before: (part) => `before ${part}`,
      after: (part) => `since ${part}`,
      has: (part) => `with ${part}`,
      tag: (part) => `tag ${part}`,
    },
  },
});

const engines = { meilisearch: "Meilisearch", postgres: "PostgreSQL" };

/** The URL of the current search with another query. */
export type Address = (content: string) => string;

/** The number of hits, announced to screen readers; the engine; and the query as it was understood. */
export function SearchStatus(props: {
  answers: ReturnType<typeof useAnswers>;
  isReserved: boolean;
  address: Address;
  /** The same words over the years, if there are words and posts are searched. */
  trends: string | undefined;
}) {
  const found = () => (props.answers.incomplete() === undefined ? props.answers.current() : undefined);
  /** Undefined if there is only a filter in the URL, and nothing was typed. */
  const understood = () => {
    const query = found()?.understood;
    return query && query.parts.length > 0 ? query : undefined;
  };
  return (
    <div class="search-status" classList={{ reserved: props.isReserved }}>
      <p class="aliases" aria-live="polite">
        <Show when={props.answers.incomplete()}>{(filter) => <>{text().incomplete(filter())}</>}</Show>
        <Show when={found()}>{(answer) => <>{countText(answer())}</>}</Show>
      </p>
      <Show when={found() && props.trends}>
        {(href) => (
          <p class="aliases trends-link">
            <a href={href()}>{text().trends}</a>
          </p>
        )}
      </Show>
      <Show when={found()}>
        {(answer) => <p class="aliases engine">{answer().fallback ? text().fallback : engines[answer().engine]}</p>}
      </Show>
      <Show when={understood()}>
        {(query) => (
          <p class="aliases understood">
            {text().understood}{" "}
            <a href={props.address(query().content)} title={text().understoodLink}>
              <For each={query().parts}>
                {({ kind, text: part }, at) => (
                  <>
                    {at() > 0 ? " · " : ""}
                    {text().parts[kind](part)}
                  </>
                )}
              </For>
            </a>
          </p>
        )}
      </Show>
    </div>
  );
}

function countText({ count, count_is_exact, typos, elapsed }: SearchAnswer): string {
  const total = count_is_exact ? number(count) : text().moreThan(number(count));
  return `${typos ? `${text().typos} ` : ""}${text().hits(count, total, seconds(elapsed))}`;
}

/** Offers to search the posts of users whose name is among the words. */
export const Authors = (props: { authors: SearchAnswer["authors"]; address: Address; focusBox: () => void }) => (
  <Show when={props.authors?.length}>
    <nav class="authors" aria-label={text().authors}>
      <For each={props.authors}>
        {({ name, count, content }) => (
          <a class="button" href={props.address(content)} onClick={() => props.focusBox()}>
            {text().by(name)}{" "}
            <span class="aliases">
              {number(count)} {t().units.posts(count)}
            </span>
          </a>
        )}
      </For>
    </nav>
  </Show>
);
