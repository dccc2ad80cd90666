import { useNavigate, useSearchParams } from "@solidjs/router";
import { createMemo, onMount } from "solid-js";
import { below } from "../../base.ts";
import { Page } from "../../components/page.tsx";
import { useChoice, useFilters } from "../../filters.ts";
import { idOf } from "../../parameters.ts";
import { isReturning } from "../../scroll-restoration.ts";
import { type SearchQuery, useAnswers } from "./answers.ts";
import { SearchForm, sorts, types } from "./form.tsx";
import { formerSearch } from "./former-search.ts";
import { Count, Results } from "./results.tsx";
import { SearchSuggestions } from "./suggestions.tsx";
import { useSearchQuery } from "./search-query.ts";

/** Search while typing, with suggestions and facets; more hits load while scrolling. The whole state is in the URL. */
export default function SearchPage() {
  const filters = useFilters();
  const navigate = useNavigate();
  const [parameters, setParameters] = useSearchParams();
  const [type, chooseType] = useChoice("type", types, "post");
  const [sort, chooseSort] = useChoice("sort", sorts, "score");
  const [typed, enter] = useSearchQuery();
  const uid = () => idOf(parameters["uid"]);
  const query = createMemo<SearchQuery>(() => ({
    content: typed(),
    type: type(),
    sort: sort(),
    ...filters.query(),
    ...(uid() ? { uid: uid() } : {}),
  }));
  const answers = useAnswers(query);

  let box: HTMLInputElement | undefined;
  onMount(() => {
    const former = formerSearch(location.hash);
    if (former) navigate(below(`/search?${former}`), { replace: true, resolve: false });
    if (!isReturning()) box?.focus();
  });
  const hits = () => [...document.querySelectorAll<HTMLAnchorElement>(".hit-title")];
  /** Moves the focus between the input and the hits. */
  const walk = (event: KeyboardEvent, step: 1 | -1) => {
    const at = hits().indexOf(document.activeElement as HTMLAnchorElement) + step;
    event.preventDefault();
    (at < 0 ? box : hits()[at])?.focus();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Escape") enter("");
    else if (event.key === "ArrowDown") walk(event, 1);
    // Until the answer has arrived, the first hit belongs to an earlier query.
    else if (event.key === "Enter" && !answers.isBusy()) hits()[0]?.click();
  };

  return (
    <Page>
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
      <Count answer={answers.current()} />
      <Results
        answers={answers}
        year={filters.year()}
        bid={filters.bid()}
        uid={uid()}
        set={(next) => setParameters(next)}
        walk={walk}
      />
    </Page>
  );
}
