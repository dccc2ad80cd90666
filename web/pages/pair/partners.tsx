import { createResource, For, Show } from "solid-js";
import { answer, api, type Network, type User } from "../../api.ts";
import { dataOf, Failed, Skeleton } from "../../components/loaded.tsx";
import { usePairAddress } from "../../components/pair-link.tsx";
import { displayName } from "../../display-name.ts";
import { number, texts } from "../../i18n/index.ts";

const text = texts({
  de: {
    pairs: "Wen vergleichen? Zum Beispiel die, die sich am häufigsten gegenseitig zitieren:",
    partners: "Und wen dazu? Zum Beispiel die, die hier am häufigsten zitiert werden:",
    none: "Zwei Namen in die Felder tippen.",
    quotes: (count: string) => `${count}-mal`,
  },
  en: {
    pairs: "Whom to compare? For example, those who quote each other most:",
    partners: "And with whom? For example, those whom this user quotes most:",
    none: "Type two names into the boxes.",
    quotes: (count) => `${count}×`,
  },
});

/** Suggestions: as many as fit a phone. */
const maxPairs = 8;

interface Suggestion {
  one: User;
  other: User;
  count: number;
}

/** The pairs with the most quotes, both ways taken together. */
function pairsOf({ users, edges }: Network): Suggestion[] {
  const byUid = new Map(users.map(({ User }) => [User.uid, User]));
  const sums = new Map<string, number>();
  for (const { from, to, count } of edges) {
    const key = [from, to].toSorted((a, b) => a - b).join();
    if (from !== to) sums.set(key, (sums.get(key) ?? 0) + count);
  }
  return [...sums]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, maxPairs)
    .flatMap(([key, count]) => {
      const [one, other] = key.split(",").map((uid) => byUid.get(Number(uid)));
      return one && other ? [{ one, other, count }] : [];
    });
}

/** Nobody is chosen: who quotes each other most. */
export function QuotingPairs() {
  const [network, { refetch }] = createResource(async () =>
    pairsOf(await answer(api.network.$get({ query: { limit: "60" } }))),
  );
  return (
    <Suggestions
      lead={text().pairs}
      pairs={dataOf(network)}
      error={network.state === "errored" ? network.error : undefined}
      retry={() => void refetch()}
      name={({ one, other }) => `${displayName(one)} & ${displayName(other)}`}
    />
  );
}

/** One is chosen: whom that one quotes most. */
export function PartnersOf(props: { uid: string }) {
  const [partners, { refetch }] = createResource(
    () => props.uid,
    async (uid) => {
      const { rows } = await answer(
        api["user-quotes"].$get({ query: { uid, direction: "quoting", limit: String(maxPairs + 1) } }),
      );
      const one = { uid: Number(uid), name: "", aliases: [] };
      return rows
        .filter(({ User }) => String(User.uid) !== uid)
        .slice(0, maxPairs)
        .map(({ User, count }): Suggestion => ({ one, other: User, count }));
    },
  );
  return (
    <Suggestions
      lead={text().partners}
      pairs={dataOf(partners)}
      error={partners.state === "errored" ? partners.error : undefined}
      retry={() => void refetch()}
      name={({ other }) => displayName(other)}
    />
  );
}

function Suggestions(props: {
  lead: string;
  /** Undefined while they are being loaded. */
  pairs: Suggestion[] | undefined;
  error: unknown;
  retry: () => void;
  name: (pair: Suggestion) => string;
}) {
  const address = usePairAddress();
  return (
    <Show when={props.error === undefined} fallback={<Failed error={props.error} retry={() => props.retry()} />}>
      <Show when={props.pairs} fallback={<Skeleton height="9rem" />}>
        {(pairs) => (
          <section class="card message pair-suggestions">
            <p>{pairs().length > 0 ? props.lead : text().none}</p>
            <ul>
              <For each={pairs()}>
                {(pair) => (
                  <li>
                    <a class="button" href={address(pair.one.uid, pair.other.uid)}>
                      {props.name(pair)} <span class="aliases">{text().quotes(number(pair.count))}</span>
                    </a>
                  </li>
                )}
              </For>
            </ul>
          </section>
        )}
      </Show>
    </Show>
  );
}
