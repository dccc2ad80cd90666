import { useNavigate, useSearchParams } from "@solidjs/router";
import { createEffect, createMemo, on, onMount, Show } from "solid-js";
import { below } from "../../base.ts";
import { FeedLink } from "../../components/feed-link.tsx";
import { Page } from "../../components/page.tsx";
import { useChoice, useFilters } from "../../filters.ts";
import { texts } from "../../i18n/index.ts";
import { dateOf, idOf } from "../../parameters.ts";
import { isReturning } from "../../scroll-restoration.ts";
import { type SearchQuery, useAnswers } from "./answers.ts";
import { SearchInput } from "./box.tsx";
import type { Chosen } from "./facets.tsx";
import { groups, SearchForm, sorts, types } from "./form.tsx";
import { formerSearch } from "./former-search.ts";
import { useRecentSearches } from "./recent.tsx";
import { Results } from "./results.tsx";
import { useSearchQuery } from "./search-query.ts";
import { Authors, SearchStatus } from "./status.tsx";
import { SearchSuggestions } from "./suggestions.tsx";

const text = texts({
  de: { feed: (query: string) => `Neue Treffer für ${query}` },
  en: { feed: (query) => `New hits for ${query}` },
});

/** The search that the URL describes, and functions that change it. */
function useSearch() {
  const filters = useFilters();
  const [parameters, setParameters] = useSearchParams();
  const [type, chooseType] = useChoice("type", types, "post");
  const [sort, chooseSort] = useChoice("sort", sorts, "score");
  const [group, chooseGroup] = useChoice("group", groups, "");
  const [typed, enter] = useSearchQuery();
  const chosen = createMemo<Chosen>(() => ({
    year: filters.years(),
    bid: filters.bid(),
    uid: idOf(parameters["uid"]),
    after: dateOf(parameters["after"]),
    before: dateOf(parameters["before"]),
  }));
  // A year that is chosen in the side bar replaces a period.
  createEffect(
    on(filters.years, (year) => year !== "" && setParameters({ after: "", before: "" }, { replace: true }), {
      defer: true,
    }),
  );
  const isGrouped = () => type() === "post" && group() === "thread";
  const query = createMemo<SearchQuery>(() => ({
    content: typed(),
    type: type(),
    sort: sort(),
    ...(isGrouped() ? { group: "thread" } : {}),
    ...Object.fromEntries(Object.entries(chosen()).filter(([, value]) => value !== "")),
  }));
  /** The URL of this search with other words and parameters; "" drops one. */
  const address = (content: string, changes: Record<string, string> = {}) => {
    const next = Object.entries({ ...parameters, ...changes, q: content });
    return below(`/search?${new URLSearchParams(next.filter(([, value]) => value !== "") as [string, string][])}`);
  };
  /** The words over the years. Undefined without words, and for one user: trends have no such filter. */
  const trends = () => {
    const { uid, bid } = chosen();
    if (type() !== "post" || typed().trim() === "" || uid !== "") return undefined;
    return below(`/trends?${new URLSearchParams({ q: typed().trim(), ...(bid === "" ? {} : { bid }) })}`);
  };
  return {
    query,
    /** The parameters of the feed of this search, which is always ordered by time. */
    feed: (): Record<string, string> => {
      const { content, type: kind, sort: _, ...others } = query();
      const given = Object.entries(others).filter(([name]) => name !== "group");
      return { content, ...(kind === "thread" ? { type: kind } : {}), ...Object.fromEntries(given) };
    },
    typed,
    trends,
    enter,
    type,
    chooseType,
    order: sort,
    chooseOrder: chooseSort,
    isGrouped,
    setGrouped: (to: boolean) => chooseGroup(to ? "thread" : ""),
    chosen,
    set: (next: Partial<Chosen>) => setParameters(next),
    address,
  };
}

/** Search while typing, with completions and facets; more hits load while scrolling. The whole state is in the URL. */
export default function SearchPage() {
  const navigate = useNavigate();
  const search = useSearch();
  const answers = useAnswers(search.query);
  useRecentSearches(answers);

  let box: HTMLInputElement | undefined;
  const focusBox = () => box?.focus();
  onMount(() => {
    const former = formerSearch(location.hash);
    if (former) navigate(below(`/search?${former}`), { replace: true, resolve: false });
    if (!isReturning()) focusBox();
  });
  const hits = () => [...document.querySelectorAll<HTMLAnchorElement>(".hit-title")];
  /** Moves the focus between the input and the hits. */
  const walk = (event: KeyboardEvent, step: 1 | -1) => {
    const at = hits().indexOf(document.activeElement as HTMLAnchorElement) + step;
    event.preventDefault();
    (at < 0 ? box : hits()[at])?.focus();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Escape") search.enter("");
    else if (event.key === "ArrowDown") walk(event, 1);
    // Until the answer has arrived, the first hit belongs to an earlier query.
    else if (event.key === "Enter" && !answers.isBusy() && answers.incomplete() === undefined) hits()[0]?.click();
  };

  return (
    <Page>
      <SearchForm
        input={
          <SearchInput
            typed={search.typed()}
            type={search.enter}
            searchType={search.type()}
            onKeyDown={press}
            ref={(element) => (box = element)}
          />
        }
        type={search.type()}
        chooseType={search.chooseType}
        sort={search.order()}
        chooseSort={search.chooseOrder}
        isGrouped={search.isGrouped()}
        setGrouped={search.setGrouped}
      />
      <SearchSuggestions typed={search.typed()} />
      <SearchStatus
        answers={answers}
        isReserved={search.typed().trim() !== ""}
        address={search.address}
        trends={search.trends()}
      />
      <Show when={search.typed().trim() !== ""}>
        <p class="tools">
          <FeedLink name="search" title={text().feed(search.typed().trim())} query={search.feed()} />
        </p>
      </Show>
      <Authors authors={answers.current()?.authors} address={search.address} focusBox={focusBox} />
      <Results
        answers={answers}
        typed={search.typed()}
        chosen={search.chosen()}
        set={search.set}
        threadAddress={(tid) => search.address(`${search.typed().trim()} thread:${tid}`, { group: "" })}
        focusBox={focusBox}
        walk={walk}
      />
    </Page>
  );
}
