import { For, Show } from "solid-js";
import type { User } from "../../api.ts";
import { usePairAddress } from "../../components/pair-link.tsx";
import { displayName } from "../../display-name.ts";
import { texts } from "../../i18n/index.ts";

const text = texts({
  de: { pairs: "Zu zweit:", label: "Paare" },
  en: { pairs: "As a pair:", label: "Pairs" },
});

/** Links to the page about each two of the chosen users. */
export function PairLinks(props: { users: User[] }) {
  const address = usePairAddress();
  const pairs = () => props.users.flatMap((one, at) => props.users.slice(at + 1).map((other) => ({ one, other })));
  return (
    <Show when={pairs().length > 0}>
      <nav class="pair-links" aria-label={text().label}>
        <span class="aliases" aria-hidden="true">
          {text().pairs}
        </span>
        <For each={pairs()}>
          {({ one, other }) => (
            <a class="button quiet" href={address(one.uid, other.uid)}>
              {displayName(one)} & {displayName(other)}
            </a>
          )}
        </For>
      </nav>
    </Show>
  );
}
