import { createSignal, createUniqueId, For, Show } from "solid-js";
import { answer, api, type User } from "../api.ts";
import { number, texts } from "../i18n/index.ts";
import { nameOf } from "../display-name.ts";
import { lookUpAsTyped } from "./debounced-lookup.ts";

const text = texts({
  de: { nobody: "Kein Nutzer heißt so." },
  en: { nobody: "No user has this name." },
});

/** The pause in typing after which names are looked up. */
const settle_ms = 120;

const limit = "8";

type Row = { User: User; post_count: number };

/**
 * The names that match what is typed, and which of them is active.
 *
 * A combobox of our own, 1.3 kB gzip: the one of @kobalte/core 0.13 is 33 kB, nearly as much as a whole first page.
 */
function useMatches(choose: (user: User) => void) {
  const [typed, setTyped] = createSignal("");
  const [matches, setMatches] = createSignal<Row[]>([]);
  const [active, setActive] = createSignal(0);
  /** The input that the matches belong to. */
  const [answered, setAnswered] = createSignal("");
  const isAnswered = () => answered() === typed();
  /** Enter was pressed before the matches arrived: the first one will be chosen. */
  let isHurried = false;

  const pick = (row: Row | undefined) => {
    isHurried = false;
    if (!row) return;
    setTyped("");
    choose(row.User);
  };
  lookUpAsTyped(
    typed,
    settle_ms,
    async (q) => (await answer(api.users.$get({ query: { q, limit } }))).rows,
    (rows, q) => {
      setMatches(rows);
      setAnswered(q);
      setActive(0);
      if (isHurried) pick(rows[0]);
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
      isHurried = false;
      setTyped(name);
    },
    leave: () => (isHurried = false),
    press: (event: KeyboardEvent) => {
      const { length } = matches();
      if (event.key === "Escape") setTyped("");
      else if (event.key === "Enter" && !isAnswered()) isHurried = true;
      else if (event.key === "Enter") pick(matches()[active()]);
      else if (event.key === "ArrowDown" && length > 0) setActive((active() + 1) % length);
      else if (event.key === "ArrowUp" && length > 0) setActive((active() + length - 1) % length);
      else return;
      event.preventDefault();
    },
  };
}

/** A box that completes users' names, former ones included, while they are typed. */
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
      <ul id={`${id}-names`} role="listbox" aria-label={props.label} hidden={!isOpen()}>
        <For each={box.matches()}>
          {(row, index) => (
            <li
              id={`${id}-${index()}`}
              role="option"
              aria-selected={index() === box.active()}
              onPointerEnter={() => box.setActive(index())}
              // Not on click: by then the box would have lost the focus and closed the list.
              onPointerDown={(event) => {
                event.preventDefault();
                box.pick(row);
              }}
            >
              <span>
                {nameOf(row.User)}
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
