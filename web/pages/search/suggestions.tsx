import { createSignal, For, Show } from "solid-js";
import { answer, api, type Suggestion } from "../../api.ts";
import { debouncedLookup } from "../../components/debounced-lookup.ts";
import { useFilters } from "../../filters.ts";
import { texts } from "../../i18n/index.ts";

const text = texts({
  de: {
    title: "Vorschläge",
    types: { user: "Nutzer", board: "Forum", thread: "Thread" },
    formerly: (alias: string) => `früher ${alias}`,
  },
  en: {
    title: "Suggestions",
    types: { user: "User", board: "Board", thread: "Thread" },
    formerly: (alias) => `formerly ${alias}`,
  },
});

/** The pause in typing before names are looked up. It lets the request for hits go first. */
const settle_ms = 80;

/** Links to users, boards and threads whose names begin as typed. */
export function SearchSuggestions(props: { typed: string }) {
  const [matches, setMatches] = createSignal<Suggestion[]>([]);
  // A query with operators is not the beginning of a name.
  const name = () => (/[:"+]/.test(props.typed) ? "" : props.typed);

  debouncedLookup(
    name,
    settle_ms,
    async (q) => (await answer(api.search.suggest.$get({ query: { q } }))).rows,
    setMatches,
  );

  return (
    <Show when={props.typed.trim() !== ""}>
      <nav class="suggestions" aria-label={text().title}>
        <Show when={matches().length > 0}>
          <ul>
            <For each={matches()}>
              {(suggestion) => (
                <li>
                  <span class="aliases">{text().types[suggestion.type]}</span> <Destination suggestion={suggestion} />
                  <Show when={suggestion.alias}>
                    {(alias) => <span class="aliases"> {text().formerly(alias())}</span>}
                  </Show>
                </li>
              )}
            </For>
          </ul>
        </Show>
      </nav>
    </Show>
  );
}

function Destination(props: { suggestion: Suggestion }) {
  const filters = useFilters();
  const address = () => {
    const { type, id } = props.suggestion;
    if (type === "board") return filters.link("/", { bid: String(id) });
    return filters.link(`/${type}s/${id}`);
  };
  return <a href={address()}>{props.suggestion.text || `#${props.suggestion.id}`}</a>;
}
