import { For } from "solid-js";
import { Choice } from "../../components/page.tsx";
import { t } from "../../i18n/index.ts";
import type { SearchQuery } from "./answers.ts";

export const types = ["post", "thread"] as const;
export const sorts = ["score", "date-desc", "date-asc"] as const;

type Type = SearchQuery["type"];
type Sort = SearchQuery["sort"];

/** The box, what it searches, and the order. There is no button: hits follow every key. */
export const SearchForm = (props: {
  typed: string;
  type: (content: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  boxRef: (box: HTMLInputElement) => void;
  chosenType: Type;
  chooseType: (type: Type) => void;
  chosenSort: Sort;
  chooseSort: (sort: Sort) => void;
}) => (
  <form class="search-box" role="search" onSubmit={(event) => event.preventDefault()}>
    <input
      ref={(box) => props.boxRef(box)}
      type="search"
      name="q"
      autocomplete="off"
      aria-label={t().search.label}
      placeholder={t().search.placeholder}
      value={props.typed}
      onInput={(event) => props.type(event.currentTarget.value)}
      onKeyDown={(event) => props.onKeyDown(event)}
    />
    <Choice
      label={t().search.type}
      choices={types}
      chosen={props.chosenType}
      choose={props.chooseType}
      name={(choice) => (choice === "post" ? t().search.posts : t().search.threads)}
    />
    <label>
      <span class="sr-only">{t().search.sort}</span>
      <select value={props.chosenSort} onChange={(event) => props.chooseSort(event.currentTarget.value as Sort)}>
        <For each={sorts}>{(choice) => <option value={choice}>{t().search.sorts[choice]}</option>}</For>
      </select>
    </label>
  </form>
);
