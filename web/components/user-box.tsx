import { createSignal, createUniqueId, For, Show } from "solid-js";
import { answer, api, type User } from "../api.ts";
import { number, t } from "../i18n/index.ts";
import { nameOf } from "../names.ts";
import { lookUpAsTyped } from "./as-typed.ts";

/** Milliseconds without a keystroke before names are looked up. */
const settle_ms = 120;

type Found = { User: User; post_count: number };

/** A box that completes users' names as typed, former ones too. */
export function UserBox(props: { label: string; choose: (user: User) => void }) {
  const id = createUniqueId();
  const [typed, setTyped] = createSignal("");
  const [found, setFound] = createSignal<Found[]>([]);
  const [at, setAt] = createSignal(0);
  /** What the names were found for. */
  const [answered, setAnswered] = createSignal("");
  const [hasFocus, setFocus] = createSignal(false);
  /** Enter was pressed before the names were there. */
  let isHurried = false;
  const isAnswered = () => answered() === typed();
  const nobody = () => typed().trim() !== "" && isAnswered() && found().length === 0;

  lookUpAsTyped(
    typed,
    settle_ms,
    async (q) => (await answer(api.users.$get({ query: { q, limit: "8" } }))).rows,
    (users, q) => {
      setFound(users);
      setAnswered(q);
      setAt(0);
      if (isHurried) choose(users[0]);
    },
  );

  const choose = (chosen: Found | undefined) => {
    isHurried = false;
    if (!chosen) return;
    setTyped("");
    props.choose(chosen.User);
  };
  const press = (event: KeyboardEvent) => {
    const { length } = found();
    if (event.key === "Escape") setTyped("");
    else if (event.key === "Enter" && !isAnswered()) isHurried = true;
    else if (event.key === "Enter") choose(found()[at()]);
    else if (event.key === "ArrowDown" && length > 0) setAt((at() + 1) % length);
    else if (event.key === "ArrowUp" && length > 0) setAt((at() + length - 1) % length);
    else return;
    event.preventDefault();
  };
  const isOpen = () => hasFocus() && found().length > 0;
  const type = (name: string) => {
    isHurried = false;
    setTyped(name);
  };
  const leave = () => {
    isHurried = false;
    setFocus(false);
  };
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
        aria-activedescendant={isOpen() ? `${id}-${at()}` : undefined}
        placeholder={props.label}
        value={typed()}
        onInput={(event) => type(event.currentTarget.value)}
        onKeyDown={press}
        onFocus={() => setFocus(true)}
        onBlur={leave}
      />
      <ul id={`${id}-names`} role="listbox" aria-label={props.label} hidden={!isOpen()}>
        <For each={found()}>
          {(row, index) => (
            <li
              id={`${id}-${index()}`}
              role="option"
              aria-selected={index() === at()}
              onPointerEnter={() => setAt(index())}
              // Before the box loses the focus and the list closes.
              onPointerDown={(event) => {
                event.preventDefault();
                choose(row);
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
        {nobody() ? t().users.nobody : ""}
      </p>
    </div>
  );
}
