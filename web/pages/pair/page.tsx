import { useSearchParams } from "@solidjs/router";
import { createMemo, createResource, Match, Show, Switch } from "solid-js";
import { answer, api, ApiError, type Pair } from "../../api.ts";
import { dataOf, Loaded } from "../../components/loaded.tsx";
import { Page } from "../../components/page.tsx";
import { displayName } from "../../display-name.ts";
import { texts } from "../../i18n/index.ts";
import { idOf } from "../../parameters.ts";
import { Choice } from "./choice.tsx";
import { PairHours } from "./hours.tsx";
import { Moments } from "./moments.tsx";
import { PartnersOf, QuotingPairs } from "./partners.tsx";
import { PairPlaces } from "./places.tsx";
import { SharedBoards, SharedThreads } from "./shared.tsx";
import { PairYears } from "./years.tsx";

const text = texts({
  de: {
    lead: "Was eine Freundschaft oder eine Fehde ausmacht: wer wen zitiert, Jahr für Jahr.",
    both: (one: string, other: string) => `${one} und ${other}`,
    same: "Das ist zweimal dieselbe Person. Wähle eine andere dazu.",
    unknown: "Mindestens eine der beiden Personen gibt es hier nicht. Wähle eine andere.",
    never: "Die beiden haben einander nie zitiert.",
  },
  en: {
    lead: "What makes a friendship or a feud: who quotes whom, year by year.",
    both: (one, other) => `${one} and ${other}`,
    same: "This is the same person twice. Choose another one.",
    unknown: "At least one of the two does not exist here. Choose another one.",
    never: "These two have never quoted each other.",
  },
});

/** The API answers 400 for users that it does not know. */
const isUnknown = (error: unknown) => error instanceof ApiError && error.status === 400;

/** Two users: their quotes of each other, when and where both write. */
export default function PairPage() {
  const [parameters, setParameters] = useSearchParams();
  const chosen = createMemo(() => ({ uid: idOf(parameters["uid"]), with: idOf(parameters["with"]) }), undefined, {
    equals: (before, after) => before.uid === after.uid && before.with === after.with,
  });
  const isSame = () => chosen().uid !== "" && chosen().uid === chosen().with;
  const isComplete = () => chosen().uid !== "" && chosen().with !== "" && !isSame();
  const [pair, { refetch }] = createResource(
    () => isComplete() && chosen(),
    (query) => answer(api.pair.$get({ query })),
  );
  /** Undefined while another pair is being loaded. */
  const current = () => {
    const loaded = isComplete() ? dataOf(pair) : undefined;
    return String(loaded?.user.user.uid) === chosen().uid && String(loaded?.with.user.uid) === chosen().with
      ? loaded
      : undefined;
  };
  const title = () => {
    const loaded = current();
    return loaded && text().both(displayName(loaded.user.user), displayName(loaded.with.user));
  };
  /** The one who is chosen, while the other is missing or the same. */
  const single = () => (isComplete() ? "" : chosen().uid || chosen().with);
  return (
    <Page title={title()} lead={text().lead}>
      <Choice chosen={chosen()} pair={current()} set={(next) => setParameters(next)} />
      <Switch>
        <Match when={isComplete()}>
          <Show
            when={!(pair.state === "errored" && isUnknown(pair.error))}
            fallback={<p class="card message">{text().unknown}</p>}
          >
            <Loaded resource={pair} refetch={refetch} height="60rem">
              {(data) => <Found pair={data()} />}
            </Loaded>
          </Show>
        </Match>
        <Match when={single()}>
          {(uid) => (
            <>
              <Show when={isSame()}>
                <p class="card message">{text().same}</p>
              </Show>
              <PartnersOf uid={uid()} />
            </>
          )}
        </Match>
        <Match when={true}>
          <QuotingPairs />
        </Match>
      </Switch>
    </Page>
  );
}

const Found = (props: { pair: Pair }) => (
  <>
    <PairPlaces pair={props.pair} />
    <Show when={props.pair.years.length > 0} fallback={<p class="card message">{text().never}</p>}>
      <PairYears pair={props.pair} />
      <Moments pair={props.pair} />
    </Show>
    <PairHours pair={props.pair} />
    <div class="pair-shared">
      <SharedThreads pair={props.pair} />
      <SharedBoards pair={props.pair} />
    </div>
  </>
);
