import type { User } from "../api.ts";
import { displayName } from "../display-name.ts";
import { useFilters } from "../filters.ts";
import { texts } from "../i18n/index.ts";

const text = texts({
  de: { both: (one: string, other: string) => `${one} und ${other} zu zweit` },
  en: { both: (one, other) => `${one} and ${other} as a pair` },
});

/** Returns the address of the page about two users. */
export function usePairAddress(): (uid: number, other: number) => string {
  const filters = useFilters();
  return (uid, other) => {
    const [path, query] = filters.link("/pair", { uid: "" }).split("?");
    return `${path}?${new URLSearchParams([["uid", String(uid)], ["with", String(other)], ...new URLSearchParams(query)])}`;
  };
}

/** A small link to the page about two users, for rows that name both. */
export function PairLink(props: { one: Pick<User, "uid" | "name">; other: User }) {
  const address = usePairAddress();
  const label = () => text().both(displayName(props.one), displayName(props.other));
  return (
    <a class="pair-link" href={address(props.one.uid, props.other.uid)} aria-label={label()} title={label()}>
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <path d="M3 7h12M12 4l3 3-3 3M17 13H5M8 10l-3 3 3 3" />
      </svg>
    </a>
  );
}
