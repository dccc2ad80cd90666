import { createUniqueId, For, Show } from "solid-js";
import { plural } from "../../i18n/formats.ts";
import { number, t, texts } from "../../i18n/index.ts";
import type { SearchQuery } from "./answers.ts";
import { useCompletion } from "./completion.ts";

const text = texts({
  de: {
    label: "Posts und Threads durchsuchen",
    placeholder: "Wörter, user:name, year:2012",
    values: "Vorschläge zum Vervollständigen",
    count: (count: number) => `${count} ${plural(count, "Vorschlag", "Vorschläge")}, mit Pfeil nach unten zu erreichen`,
    operators: {
      "user:": "von einem Nutzer",
      "board:": "in einem Forum",
      "year:": "aus einem Jahr",
      "before:": "vor einem Datum (Tag, Monat oder Jahr)",
      "after:": "ab einem Datum (Tag, Monat oder Jahr)",
      "has:": "mit Links, Bildern oder Videos",
      "tag:": "mit einem Tag",
    } as Record<string, string>,
  },
  en: {
    label: "Search posts and threads",
    placeholder: "words, user:name, year:2012 …",
    values: "Completions",
    count: (count) => `${count} ${plural(count, "completion", "completions")}: press arrow down to reach them`,
    operators: {
      "user:": "by a user",
      "board:": "in a board",
      "year:": "from a year",
      "before:": "before a date (day, month or year)",
      "after:": "since a date (day, month or year)",
      "has:": "with links, images or videos",
      "tag:": "with a tag",
    },
  },
});

interface BoxProps {
  typed: string;
  type: (content: string) => void;
  searchType: SearchQuery["type"];
  /** A key that the list of completions has no use for. */
  onKeyDown: (event: KeyboardEvent) => void;
  ref: (box: HTMLInputElement) => void;
}

const caretKeys = new Set(["ArrowLeft", "ArrowRight", "Home", "End"]);

/**
 * The search input, a combobox whose list completes the operator at the caret. Written by hand, as that of user names
 * (user-box.tsx): @kobalte/core has 33 kB, and its combobox owns the whole text, not the part at the caret.
 */
export function SearchInput(props: BoxProps) {
  const id = createUniqueId();
  let box: HTMLInputElement | undefined;
  const completion = useCompletion({ typed: () => props.typed, type: () => props.searchType }, (content, caret) => {
    props.type(content);
    if (!box) return;
    box.value = content;
    box.focus();
    box.setSelectionRange(caret, caret);
    // The caret is at the end of what was chosen, which may be out of sight.
    box.scrollLeft = box.scrollWidth;
  });
  const isOfThreads = () =>
    completion.filter() === "tag" || (completion.filter() === "board" && props.searchType === "thread");
  const unit = () => (isOfThreads() ? t().units.threads : t().units.posts);
  const readCaret = () => completion.setCaret(box?.selectionEnd ?? undefined);
  const press = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (completion.press(event.key)) event.preventDefault();
    else props.onKeyDown(event);
  };
  return (
    <div class="search-input">
      <input
        ref={(element) => {
          box = element;
          props.ref(element);
        }}
        type="search"
        name="q"
        role="combobox"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        enterkeyhint="search"
        aria-label={text().label}
        aria-autocomplete="list"
        aria-expanded={completion.isOpen()}
        aria-controls={`${id}-values`}
        aria-activedescendant={completion.active() >= 0 ? `${id}-${completion.active()}` : undefined}
        placeholder={text().placeholder}
        value={props.typed}
        onInput={(event) => {
          props.type(event.currentTarget.value);
          readCaret();
        }}
        onKeyDown={press}
        onKeyUp={(event) => caretKeys.has(event.key) && readCaret()}
        onClick={readCaret}
        onBlur={completion.close}
      />
      <ul id={`${id}-values`} class="options" role="listbox" aria-label={text().values} hidden={!completion.isOpen()}>
        <For each={completion.values()}>
          {(value, index) => (
            <li
              id={`${id}-${index()}`}
              role="option"
              aria-selected={index() === completion.active()}
              // Keeps the focus in the input.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => completion.choose(value)}
            >
              <span>{value.text}</span>
              <span class="aliases">
                <Show when={value.count !== null} fallback={text().operators[value.value]}>
                  {number(value.count ?? 0)} {unit()(value.count ?? 0)}
                </Show>
              </span>
            </li>
          )}
        </For>
      </ul>
      <p class="sr-only" role="status">
        {completion.isOpen() ? text().count(completion.values().length) : ""}
      </p>
    </div>
  );
}
