import { useBeforeLeave, useNavigate, useSearchParams } from "@solidjs/router";
import { createEffect, createMemo, createSignal, For, Match, on, onCleanup, onMount, Show, Switch } from "solid-js";
import { answer, api, recalled, type SearchAnswer } from "../api.ts";
import { below } from "../base.ts";
import { Failed, Skeleton } from "../components/loaded.tsx";
import { Choice, Page } from "../components/page.tsx";
import { UserLink } from "../components/user-link.tsx";
import { idOf, single, useChoice, useFilters } from "../filters.ts";
import { dateTime, language, number, t } from "../i18n/index.ts";
import { isReturning } from "../place.ts";
import { forumThread } from "../status.ts";
import { SearchFacets } from "./search-facets.tsx";
import { SearchSuggestions } from "./search-suggestions.tsx";

type Answer = SearchAnswer;
type PostHit = Extract<Answer, { type: "post" }>["results"][number];
type ThreadHit = Extract<Answer, { type: "thread" }>["results"][number];

const types = ["post", "thread"] as const;
const sorts = ["score", "date-desc", "date-asc"] as const;

/** Whether there are hits after those of an answer. */
const hasMore = ({ next, next_offset }: Answer) => (next ?? next_offset) !== undefined;

/** Milliseconds without a keystroke before the URL follows what was typed. */
const settle_ms = 400;

/** potstats2's links held the search behind the hash. */
function formerSearch(): { content: string; type: string; sort: string } | undefined {
  if (!location.hash.startsWith("#{") && !location.hash.startsWith("#%7B")) return undefined;
  try {
    const {
      query = "",
      type = "post",
      sort = "score",
    } = JSON.parse(decodeURIComponent(location.hash.slice(1))) as Record<string, unknown>;
    return { content: String(query), type: String(type), sort: String(sort) };
  } catch {
    return undefined;
  }
}

/** Results while typing: no button, and an older answer never replaces a newer one. */
export default function SearchPage() {
  const filters = useFilters();
  const navigate = useNavigate();
  const [parameters, setParameters] = useSearchParams();
  const words = () => single(parameters["q"]);
  const user = () => idOf(parameters["uid"]);
  const [type, chooseType] = useChoice("type", types, "post");
  const [sort, chooseSort] = useChoice("sort", sorts, "score");
  const [typed, setTyped] = createSignal(words());
  const [found, setFound] = createSignal<Answer>();
  const [failure, setFailure] = createSignal<unknown>();
  const [busy, setBusy] = createSignal(false);
  let box: HTMLInputElement | undefined;
  let settling: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;

  onMount(() => {
    const former = formerSearch();
    if (former) {
      const next = new URLSearchParams({ q: former.content });
      if (former.type === "thread") next.set("type", former.type);
      if (former.sort !== "score") next.set("sort", former.sort);
      navigate(below(`/search?${next}`), { replace: true, resolve: false });
    }
    if (!isReturning()) box?.focus();
  });
  onCleanup(() => clearTimeout(settling));
  // Whoever leaves before the words have settled finds them on the way back.
  useBeforeLeave(({ from, to }) => {
    const address = new URL(location.href);
    const next = new URL(String(to), address);
    const isSameSearch = next.pathname === from.pathname && single(next.searchParams.getAll("q")) === words();
    if (settling === undefined || isSameSearch) return;
    clearTimeout(settling);
    settling = undefined;
    if (typeof to !== "string") return;
    address.searchParams.set("q", typed());
    history.replaceState(history.state, "", address);
  });

  const asked = createMemo(() => ({
    content: typed(),
    type: type(),
    sort: sort(),
    ...filters.query(),
    ...(user() ? { uid: user() } : {}),
  }));

  /** What to ask for the hits after those of an answer; without one, for the first. */
  const queryAfter = (after?: Answer) => {
    const place =
      after?.next === undefined ? { offset: String(after?.next_offset ?? 0) } : { next: String(after.next) };
    return { ...asked(), ...place, facets: "1" } as const;
  };
  /** An answer with the hits of the one before it, if those are of the same type. */
  const joined = (before: Answer | undefined, next: Answer) =>
    (before?.type === next.type ? { ...next, results: [...before.results, ...next.results] } : next) as Answer;
  /** An answer with those that were loaded after it, on the way back. */
  const withRecalled = (answered: Answer): Answer => {
    if (!hasMore(answered)) return answered;
    const next = recalled<Answer>(api.search.$url({ query: queryAfter(answered) }).href);
    return next ? withRecalled(joined(answered, next)) : answered;
  };

  const search = async (after?: Answer) => {
    const mine = ++latest;
    if (asked().content.trim() === "" && user() === "") {
      setFound(undefined);
      setFailure(undefined);
      setBusy(false);
      return;
    }
    setBusy(true);
    try {
      const next = await answer(api.search.$get({ query: queryAfter(after) }));
      if (mine !== latest) return;
      setFound(withRecalled(joined(after && found(), next)));
      setFailure(undefined);
    } catch (error) {
      if (mine !== latest) return;
      // What was found stays, unless it answers to other words.
      if (!after) setFound(undefined);
      setFailure(error);
    } finally {
      if (mine === latest) setBusy(false);
    }
  };
  createEffect(on(asked, () => void search()));
  // Back, forward and links bring their words; only what is just being typed is newer.
  createEffect(
    on(
      words,
      (content) => {
        if (settling === undefined) setTyped(content);
      },
      { defer: true },
    ),
  );

  const enter = (content: string) => {
    setTyped(content);
    clearTimeout(settling);
    settling = setTimeout(() => {
      settling = undefined;
      setParameters({ q: content }, { replace: true });
    }, settle_ms);
  };

  /** Arrow keys lead from the box to the hits, among them and back; Enter in the box opens the first. */
  const hits = () => [...document.querySelectorAll<HTMLAnchorElement>(".hit-title")];
  const walk = (event: KeyboardEvent, step: number) => {
    const at = hits().indexOf(document.activeElement as HTMLAnchorElement) + step;
    event.preventDefault();
    (at < 0 ? box : hits()[at])?.focus();
  };

  return (
    <Page title={t().search.title}>
      <form class="search-box" role="search" onSubmit={(event) => event.preventDefault()}>
        <input
          ref={(element) => (box = element)}
          type="search"
          name="q"
          autocomplete="off"
          aria-label={t().search.label}
          placeholder={t().search.placeholder}
          value={typed()}
          onInput={(event) => enter(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") enter("");
            else if (event.key === "ArrowDown") walk(event, 1);
            // While an answer is due, the first hit is that of earlier words.
            else if (event.key === "Enter" && !busy()) hits()[0]?.click();
          }}
        />
        <Choice
          label={t().search.title}
          choices={types}
          chosen={type()}
          choose={chooseType}
          name={(choice) => (choice === "post" ? t().search.posts : t().search.threads)}
        />
        <label>
          <span class="sr-only">{t().search.sort}</span>
          <select value={sort()} onChange={(event) => chooseSort(event.currentTarget.value as (typeof sorts)[number])}>
            <For each={sorts}>{(choice) => <option value={choice}>{t().search.sorts[choice]}</option>}</For>
          </select>
        </label>
      </form>
      <SearchSuggestions typed={typed()} />
      <p aria-live="polite" class="aliases" style={{ "min-height": "1.4em" }}>
        <Show when={found()}>
          {(answered) => (
            <>
              {answered().typos ? `${t().search.typos} ` : ""}
              {t().search.hits(
                answered().count_is_exact ? number(answered().count) : t().search.about(number(answered().count)),
                answered().elapsed.toLocaleString(language(), { minimumFractionDigits: 3, maximumFractionDigits: 3 }),
              )}
            </>
          )}
        </Show>
      </p>
      <Switch fallback={<SearchHelp />}>
        <Match when={found()}>
          {(answered) => (
            <div class="search-found" classList={{ stale: busy() }}>
              <SearchFacets
                facets={answered().facets}
                year={filters.year()}
                bid={filters.bid()}
                uid={user()}
                set={(next) => setParameters(next)}
              />
              <Show
                when={answered().results.length > 0}
                fallback={
                  <p class="card message">
                    {answered().unknown_filter
                      ? t().search.unknownFilter(answered().unknown_filter ?? "")
                      : t().search.none}
                  </p>
                }
              >
                <ol
                  class="hits"
                  onKeyDown={(event) => {
                    if (event.key === "ArrowDown") walk(event, 1);
                    else if (event.key === "ArrowUp") walk(event, -1);
                  }}
                >
                  <For each={answered().results}>
                    {(hit) => ("pid" in hit ? <Post hit={hit} /> : <Thread hit={hit} />)}
                  </For>
                </ol>
              </Show>
              <Show when={hasMore(answered())}>
                <Show
                  when={failure()}
                  fallback={<More after={answered()} load={() => !busy() && void search(answered())} />}
                >
                  <Failed error={failure()} again={() => void search(answered())} />
                </Show>
              </Show>
            </div>
          )}
        </Match>
        <Match when={failure()}>
          <Failed error={failure()} again={() => void search()} />
        </Match>
        <Match when={busy()}>
          <Skeleton height="20rem" />
        </Match>
      </Switch>
    </Page>
  );
}

/** Loads when it is in view, after each answer anew; a button for those who do not scroll. */
function More(props: { after: Answer; load: () => void }) {
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
        {t().search.more}
      </button>
    </p>
  );
}

function Post(props: { hit: PostHit }) {
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
        <time datetime={new Date(props.hit.timestamp * 1000).toISOString()}>
          {dateTime(new Date(props.hit.timestamp * 1000))}
        </time>
      </p>
      {/* The server escapes everything but <strong>. */}
      <p class="snippet" innerHTML={props.hit.snippet} />
    </li>
  );
}

/** The search for a tag's threads; a quotation mark within quotation marks is doubled. */
const tagged = (tag: string) =>
  below(`/search?${new URLSearchParams({ q: `tag:"${tag.replaceAll('"', '""')}"`, type: "thread" })}`);

function Thread(props: { hit: ThreadHit }) {
  return (
    <li class="card">
      <a
        class="hit-title snippet"
        href={forumThread(props.hit.tid)}
        rel="noreferrer"
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
          {number(props.hit.post_count)} {t().columns.posts}
        </span>
        <For each={props.hit.tags}>{(tag) => <a href={tagged(tag)}>{tag}</a>}</For>
      </p>
    </li>
  );
}

const SearchHelp = () => (
  <section class="card prose">
    <p>{t().search.start}</p>
    <table>
      <caption class="sr-only">{t().search.help}</caption>
      <tbody>
        <For each={t().search.helpRows}>
          {([what, means]) => (
            <tr>
              <th scope="row">
                <code>{what}</code>
              </th>
              <td>{means}</td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  </section>
);
