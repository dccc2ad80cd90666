import { createSignal, createUniqueId, For, Show } from "solid-js";
import { answer, api, type User } from "../api.ts";
import { number, texts } from "../i18n/index.ts";
import { displayName } from "../display-name.ts";
import { debouncedLookup } from "./debounced-lookup.ts";

const text = texts({
  de: { nobody: "Kein Nutzer heißt so." },
  en: { nobody: "No user has this name." },
});

/** The pause in typing before names are looked up. */
const settle_ms = 120;

const limit = "8";

type Row = { User: User; post_count: number };

/**
 * The state of the combobox: matching users, and which of them is active.
 *
 * This combobox has 1.3 kB (gzip). That of @kobalte/core 0.13 has 33 kB, nearly as much as a whole first page.
 */
function useMatches(choose: (user: User) => void) {
  const [typed, setTyped] = createSignal("");
  const [matches, setMatches] = createSignal<Row[]>([]);
  const [active, setActive] = createSignal(0);
  /** The input of the current matches. */
  const [answered, setAnswered] = createSignal("");
  const isAnswered = () => answered() === typed();
  /** Whether Enter was pressed before the matches arrived, so that the first one will be chosen. */
  let isEnterPending = false;

  const pick = (row: Row | undefined) => {
    isEnterPending = false;
    if (!row) return;
    setTyped("");
    choose(row.User);
  };
  debouncedLookup(
    typed,
    settle_ms,
    async (q) => (await answer(api.users.$get({ query: { q, limit } }))).rows,
    (rows, q) => {
      setMatches(rows);
      setAnswered(q);
      setActive(0);
      if (isEnterPending) pick(rows[0]);
    },
  );
  return {
    typed,
    matches,
    active,
    setActive,
    pick,
    hasNone: () => typed().trim() !== "" && isAnswered() && matches().length === 0,
    type: (name: string) => {
      isEnterPending = false;
      setTyped(name);
    },
    leave: () => (isEnterPending = false),
    press: (event: KeyboardEvent) => {
      const { length } = matches();
      if (event.key === "Escape") setTyped("");
      else if (event.key === "Enter" && !isAnswered()) isEnterPending = true;
      else if (event.key === "Enter") pick(matches()[active()]);
      else if (event.key === "ArrowDown" && length > 0) setActive((active() + 1) % length);
      else if (event.key === "ArrowUp" && length > 0) setActive((active() + length - 1) % length);
      else return;
      event.preventDefault();
    },
  };
}

/** An input that completes user names, including former ones, while typing. */
export function UserBox(props: { label: string; choose: (user: User) => void }) {
  const id = createUniqueId();
  const box = useMatches((user) => props.choose(user));
  const [hasFocus, setFocus] = createSignal(false);
  const isOpen = () => hasFocus() && box.matches().length > 0;
  return (
    <div class="user-box">
      <input
        type="search"
        role="combobox"
        autocomplete="off"
        aria-label={props.label}
        aria-autocomplete="list"
        aria-expanded={isOpen()}
        aria-controls={`${id}-names`}
        aria-activedescendant={isOpen() ? `${id}-${box.active()}` : undefined}
        placeholder={props.label}
        value={box.typed()}
        onInput={(event) => box.type(event.currentTarget.value)}
        onKeyDown={box.press}
        onFocus={() => setFocus(true)}
        onBlur={() => {
          box.leave();
          setFocus(false);
        }}
      />
      <ul id={`${id}-names`} class="options" role="listbox" aria-label={props.label} hidden={!isOpen()}>
        <For each={box.matches()}>
          {(row, index) => (
            <li
              id={`${id}-${index()}`}
              role="option"
              aria-selected={index() === box.active()}
              onPointerEnter={() => box.setActive(index())}
              // Not onClick: before a click, the input loses the focus and closes the list.
              onPointerDown={(event) => {
                event.preventDefault();
                box.pick(row);
              }}
            >
              <span>
                {displayName(row.User)}
                <Show when={row.User.aliases.length > 0}>
                  {" "}
                  <span class="aliases">{row.User.aliases.join(", ")}</span>
                </Show>
              </span>
              <span class="aliases">{number(row.post_count)}</span>
            </li>
          )}
        </For>
      </ul>
      <p class="user-box-none" role="status">
        {box.hasNone() ? text().nobody : ""}
      </p>
    </div>
  );
}
