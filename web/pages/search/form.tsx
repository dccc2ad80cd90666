import { For } from "solid-js";
import { Choice } from "../../components/page.tsx";
import { t, texts } from "../../i18n/index.ts";
import type { SearchQuery } from "./answers.ts";

const text = texts({
  de: {
    label: "Posts und Threads durchsuchen",
    placeholder: "Suchbegriffe, user:name, year:2012 …",
    type: "Was gesucht wird",
    sort: "Sortierung",
    sorts: { score: "Relevanz", "date-desc": "Neueste zuerst", "date-asc": "Älteste zuerst" },
  },
  en: {
    label: "Search posts and threads",
    placeholder: "words, user:name, year:2012 …",
    type: "Search for",
    sort: "Sort by",
    sorts: { score: "Relevance", "date-desc": "Newest first", "date-asc": "Oldest first" },
  },
});

export const types = ["post", "thread"] as const;
export const sorts = ["score", "date-desc", "date-asc"] as const;

type Type = SearchQuery["type"];
type Sort = SearchQuery["sort"];

/** The search input, the type of hits and their order. There is no button: hits are updated on every key. */
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
      aria-label={text().label}
      placeholder={text().placeholder}
      value={props.typed}
      onInput={(event) => props.type(event.currentTarget.value)}
      onKeyDown={(event) => props.onKeyDown(event)}
    />
    <Choice
      label={text().type}
      choices={types}
      chosen={props.chosenType}
      choose={props.chooseType}
      name={(choice) => (choice === "post" ? t().columns.posts : t().columns.threads)}
    />
    <label>
      <span class="sr-only">{text().sort}</span>
      <select value={props.chosenSort} onChange={(event) => props.chooseSort(event.currentTarget.value as Sort)}>
        <For each={sorts}>{(choice) => <option value={choice}>{text().sorts[choice]}</option>}</For>
      </select>
    </label>
  </form>
);
