import { useNavigate, useSearchParams } from "@solidjs/router";
import { createMemo, Match, onMount, Show, Switch } from "solid-js";
import type { SearchAnswer } from "../../api.ts";
import { below } from "../../base.ts";
import { Failed, Skeleton } from "../../components/loaded.tsx";
import { Page } from "../../components/page.tsx";
import { useChoice, useFilters } from "../../filters.ts";
import { number, seconds, t } from "../../i18n/index.ts";
import { idOf } from "../../parameters.ts";
import { isReturning } from "../../place.ts";
import { hasMore, type SearchQuery, useAnswers } from "./answers.ts";
import { SearchFacets } from "./facets.tsx";
import { SearchForm, sorts, types } from "./form.tsx";
import { formerSearch } from "./former-search.ts";
import { SearchHelp } from "./help.tsx";
import { Hits, More } from "./hits.tsx";
import { SearchSuggestions } from "./suggestions.tsx";
import { useWords } from "./words.ts";

/** Search while typing, with suggestions, facets and more hits while scrolling. All of it is in the URL. */
export default function SearchPage() {
  const filters = useFilters();
  const navigate = useNavigate();
  const [parameters, setParameters] = useSearchParams();
  const [type, chooseType] = useChoice("type", types, "post");
  const [sort, chooseSort] = useChoice("sort", sorts, "score");
  const [typed, enter] = useWords();
  const uid = () => idOf(parameters["uid"]);
  const query = createMemo<SearchQuery>(() => ({
    content: typed(),
    type: type(),
    sort: sort(),
    ...filters.query(),
    ...(uid() ? { uid: uid() } : {}),
  }));
  const { current, failure, isBusy, search } = useAnswers(query);

  let box: HTMLInputElement | undefined;
  onMount(() => {
    const former = formerSearch(location.hash);
    if (former) navigate(below(`/search?${former}`), { replace: true, resolve: false });
    if (!isReturning()) box?.focus();
  });
  const hits = () => [...document.querySelectorAll<HTMLAnchorElement>(".hit-title")];
  /** Arrow keys move the focus from the box to the hits, among them and back. */
  const walk = (event: KeyboardEvent, step: 1 | -1) => {
    const at = hits().indexOf(document.activeElement as HTMLAnchorElement) + step;
    event.preventDefault();
    (at < 0 ? box : hits()[at])?.focus();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Escape") enter("");
    else if (event.key === "ArrowDown") walk(event, 1);
    // Until an answer has come, the first hit belongs to earlier words.
    else if (event.key === "Enter" && !isBusy()) hits()[0]?.click();
  };

  return (
    <Page title={t().search.title}>
      <SearchForm
        typed={typed()}
        type={enter}
        onKeyDown={press}
        boxRef={(element) => (box = element)}
        chosenType={type()}
        chooseType={chooseType}
        chosenSort={sort()}
        chooseSort={chooseSort}
      />
      <SearchSuggestions typed={typed()} />
      <Count answer={current()} />
      <Switch fallback={<SearchHelp />}>
        <Match when={current()}>
          {(answer) => (
            <div class="search-found" classList={{ stale: isBusy() }}>
              <SearchFacets
                facets={answer().facets}
                year={filters.year()}
                bid={filters.bid()}
                uid={uid()}
                set={(next) => setParameters(next)}
              />
              <Show when={answer().results.length > 0} fallback={<p class="card message">{nothingFound(answer())}</p>}>
                <Hits results={answer().results} walk={walk} />
              </Show>
              <Show when={hasMore(answer())}>
                <Show
                  when={failure()}
                  fallback={<More after={answer()} load={() => !isBusy() && void search(answer())} />}
                >
                  <Failed error={failure()} again={() => void search(answer())} />
                </Show>
              </Show>
            </div>
          )}
        </Match>
        <Match when={failure()}>
          <Failed error={failure()} again={() => void search()} />
        </Match>
        <Match when={isBusy()}>
          <Skeleton height="20rem" />
        </Match>
      </Switch>
    </Page>
  );
}

/** How many hits there are, announced to screen readers. */
const Count = (props: { answer: SearchAnswer | undefined }) => (
  <p aria-live="polite" class="aliases" style={{ "min-height": "1.4em" }}>
    <Show when={props.answer}>
      {(answer) => {
        const count = () => number(answer().count);
        const text = () => (answer().count_is_exact ? count() : t().search.about(count()));
        return (
          <>
            {answer().typos ? `${t().search.typos} ` : ""}
            {t().search.hits(answer().count, text(), seconds(answer().elapsed))}
          </>
        );
      }}
    </Show>
  </p>
);

/** Why: a filter of the query, as it was typed, may fit nothing. */
function nothingFound({ unknown_filter: filter }: SearchAnswer): string {
  if (!filter) return t().search.none;
  const value = filter.slice(filter.indexOf(":") + 1);
  if (filter.startsWith("user:")) return t().search.noUser(value);
  return filter.startsWith("board:") ? t().search.noBoard(value) : t().search.unknownFilter(filter);
}
