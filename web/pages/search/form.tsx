import { For, type JSX, Show } from "solid-js";
import { Choice } from "../../components/page.tsx";
import { t, texts } from "../../i18n/index.ts";
import type { SearchQuery } from "./answers.ts";

const text = texts({
  de: {
    type: "Was gesucht wird",
    sort: "Sortierung",
    sorts: { score: "Relevanz", "date-desc": "Neueste zuerst", "date-asc": "Älteste zuerst" },
    group: "Nach Thread gruppieren",
  },
  en: {
    type: "Search for",
    sort: "Sort by",
    sorts: { score: "Relevance", "date-desc": "Newest first", "date-asc": "Oldest first" },
    group: "Group by thread",
  },
});

export const types = ["post", "thread"] as const;
export const sorts = ["score", "date-desc", "date-asc"] as const;
export const groups = ["", "thread"] as const;

type Type = SearchQuery["type"];
type Sort = SearchQuery["sort"];

/** The search input, and type, order and groups of the hits. There is no button: hits are updated on every key. */
export const SearchForm = (props: {
  input: JSX.Element;
  type: Type;
  chooseType: (type: Type) => void;
  sort: Sort;
  chooseSort: (sort: Sort) => void;
  isGrouped: boolean;
  setGrouped: (isGrouped: boolean) => void;
}) => (
  <form class="search-box" role="search" onSubmit={(event) => event.preventDefault()}>
    {props.input}
    <Choice
      label={text().type}
      choices={types}
      chosen={props.type}
      choose={props.chooseType}
      name={(choice) => (choice === "post" ? t().columns.posts : t().columns.threads)}
    />
    <label>
      <span class="sr-only">{text().sort}</span>
      <select value={props.sort} onChange={(event) => props.chooseSort(event.currentTarget.value as Sort)}>
        <For each={sorts}>{(choice) => <option value={choice}>{text().sorts[choice]}</option>}</For>
      </select>
    </label>
    <Show when={props.type === "post"}>
      <button
        type="button"
        class="button"
        aria-pressed={props.isGrouped}
        onClick={() => props.setGrouped(!props.isGrouped)}
      >
        {text().group}
      </button>
    </Show>
  </form>
);
