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

interface Chip {
  name: string;
  /** What removing the chip clears. */
  cleared: Partial<Chosen>;
}

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
  const chips = (): Chip[] => {
    const { bid, uid, year, after, before } = props.chosen;
    const board = props.facets?.boards.find((facet) => String(facet.bid) === bid);
    const user = props.facets?.users.find((facet) => String(facet.uid) === uid);
    return [
      ...(bid ? [{ name: text().board(board?.name ?? `#${bid}`), cleared: { bid: "" } }] : []),
      ...(uid ? [{ name: text().user(user ? displayName(user) : `#${uid}`), cleared: { uid: "" } }] : []),
      ...(year ? [{ name: year, cleared: { year: "" } }] : []),
      ...(after || before ? [{ name: periodName(props.chosen), cleared: { after: "", before: "" } }] : []),
    ];
  };
  const remove = (cleared: Partial<Chosen>) => {
    props.set(cleared);
    // The chip is gone, and with it the focus.
    const next = list?.querySelector("button");
    if (next) next.focus();
    else props.focusBox();
  };
  return (
    <Show when={chips().length > 0}>
      <ul class="chips" aria-label={text().chosen} ref={(element) => (list = element)}>
        <For each={chips()}>
          {({ name, cleared }) => (
            <li>
              <button
                type="button"
                class="button chip"
                aria-label={text().remove(name)}
                onClick={() => remove(cleared)}
              >
                {name} <span aria-hidden="true">×</span>
              </button>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
