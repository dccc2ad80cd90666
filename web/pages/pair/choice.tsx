import { createResource, Show } from "solid-js";
import { answer, api, type Pair, type User } from "../../api.ts";
import { SeriesMarker } from "../../charts/series-marker.tsx";
import { dataOf } from "../../components/loaded.tsx";
import { UserBox } from "../../components/user-box.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { texts } from "../../i18n/index.ts";

const text = texts({
  de: {
    choice: "Die beiden",
    one: "Erste Person wählen",
    other: "Zweite Person wählen",
    swap: "Tauschen",
    nobody: "noch niemand",
  },
  en: {
    choice: "The two",
    one: "Choose the first person",
    other: "Choose the second person",
    swap: "Swap",
    nobody: "nobody yet",
  },
});

interface Chosen {
  uid: string;
  with: string;
}

/** Whether there is no pair that would have the names: one is missing, or both are the same. */
const isIncomplete = ({ uid, with: other }: Chosen) => uid === "" || other === "" || uid === other;

/** The two people, each with a box to choose another, and a button that swaps them. */
export const Choice = (props: { chosen: Chosen; pair: Pair | undefined; set: (next: Partial<Chosen>) => void }) => (
  <section class="card pair-choice" aria-label={text().choice}>
    <Side
      series={0}
      uid={props.chosen.uid}
      isAlone={isIncomplete(props.chosen)}
      known={props.pair?.user.user}
      label={text().one}
      choose={({ uid }) => props.set({ uid: String(uid) })}
    />
    <button
      type="button"
      class="button pair-swap"
      disabled={props.chosen.uid === "" && props.chosen.with === ""}
      onClick={() => props.set({ uid: props.chosen.with, with: props.chosen.uid })}
    >
      <span aria-hidden="true">⇄</span> {text().swap}
    </button>
    <Side
      series={1}
      uid={props.chosen.with}
      isAlone={isIncomplete(props.chosen)}
      known={props.pair?.with.user}
      label={text().other}
      choose={({ uid }) => props.set({ with: String(uid) })}
    />
  </section>
);

function Side(props: {
  series: number;
  uid: string;
  /** Whether the user has to be looked up, because there is no pair. */
  isAlone: boolean;
  /** The user, if the pair has been loaded. */
  known: User | undefined;
  label: string;
  choose: (user: User) => void;
}) {
  const [named] = createResource(
    () => props.isAlone && props.uid !== "" && props.uid,
    async (uid) => (await answer(api["user-stats"].$get({ query: { uid } }))).user,
  );
  const user = () => props.known ?? (String(dataOf(named)?.uid) === props.uid ? dataOf(named) : undefined);
  return (
    <div class="pair-side">
      <p class="pair-name">
        <SeriesMarker series={props.series} />
        <Show
          when={user()}
          fallback={<span class="aliases">{props.uid === "" ? text().nobody : `#${props.uid}`}</span>}
        >
          {(found) => <UserLink user={found()} aliases />}
        </Show>
      </p>
      <UserBox label={props.label} choose={props.choose} />
    </div>
  );
}
