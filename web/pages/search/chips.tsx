import { For, Show } from "solid-js";
import { texts } from "../../i18n/index.ts";
import { displayName } from "../../display-name.ts";
import type { Chosen, FacetProps } from "./facets.tsx";
import { isWholeYears } from "./period.ts";

const text = texts({
  de: {
    chosen: "Ausgewählt",
    remove: (name: string) => `${name}: Auswahl aufheben`,
    board: (name: string) => `in ${name}`,
    user: (name: string) => `von ${name}`,
    after: (date: string) => `ab ${date}`,
    before: (date: string) => `vor ${date}`,
  },
  en: {
    chosen: "Selected",
    remove: (name) => `${name}: clear selection`,
    board: (name) => `in ${name}`,
    user: (name) => `by ${name}`,
    after: (date) => `since ${date}`,
    before: (date) => `before ${date}`,
  },
});

/** What the chips stand for: primitives, so that a chip keeps its element and the focus while others come and go. */
type Kind = "bid" | "uid" | "year" | "period";

function periodName({ after, before }: Chosen): string {
  if (isWholeYears({ after, before })) {
    const last = Number(before) - 1;
    return Number(after) === last ? after : `${after}–${last}`;
  }
  return [after && text().after(after), before && text().before(before)].filter(Boolean).join(", ");
}

/** The chosen board, user and period by name, each removed by a click. */
export function Chips(props: FacetProps & { focusBox: () => void }) {
  let list: HTMLUListElement | undefined;
  const kinds = (): Kind[] => {
    const { bid, uid, year, after, before } = props.chosen;
    const isChosen = { bid: bid !== "", uid: uid !== "", year: year !== "", period: after + before !== "" };
    return (["bid", "uid", "year", "period"] as const).filter((kind) => isChosen[kind]);
  };
  const names: Record<Kind, () => string> = {
    bid: () => {
      const board = props.facets?.boards.find(({ bid }) => String(bid) === props.chosen.bid);
      return text().board(board?.name ?? `#${props.chosen.bid}`);
    },
    uid: () => {
      const user = props.facets?.users.find(({ uid }) => String(uid) === props.chosen.uid);
      return text().user(user ? displayName(user) : `#${props.chosen.uid}`);
    },
    year: () => props.chosen.year,
    period: () => periodName(props.chosen),
  };
  const remove = (kind: Kind, button: HTMLElement) => {
    // The button is about to vanish, and would take the focus with it.
    const other = [...(list?.querySelectorAll("button") ?? [])].find((one) => one !== button);
    if (other) other.focus();
    else props.focusBox();
    props.set(kind === "period" ? { after: "", before: "" } : { [kind]: "" });
  };
  return (
    <Show when={kinds().length > 0}>
      <ul class="chips" aria-label={text().chosen} ref={(element) => (list = element)}>
        <For each={kinds()}>
          {(kind) => (
            <li>
              <button
                type="button"
                class="button chip"
                aria-label={text().remove(names[kind]())}
                onClick={(event) => remove(kind, event.currentTarget)}
              >
                {names[kind]()} <span aria-hidden="true">×</span>
              </button>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
