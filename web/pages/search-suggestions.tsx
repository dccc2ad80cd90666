import { createSignal, For, Show } from "solid-js";
import { answer, api, type Suggestion } from "../api.ts";
import { below } from "../base.ts";
import { lookUpAsTyped } from "../components/as-typed.ts";
import { t } from "../i18n/index.ts";
import { forumThread } from "../status.ts";

/** Milliseconds without a keystroke before suggestions are asked for: the hits come first. */
const settle_ms = 80;

/** Users, boards and threads whose name begins as typed: each a link to where it leads. */
export function SearchSuggestions(props: { typed: string }) {
  const [found, setFound] = createSignal<Suggestion[]>([]);
  // What belongs to the query language begins no name.
  const name = () => (/[:"+]/.test(props.typed) ? "" : props.typed);

  lookUpAsTyped(name, settle_ms, async (q) => (await answer(api.search.suggest.$get({ query: { q } }))).rows, setFound);

  return (
    <Show when={props.typed.trim() !== ""}>
      <nav class="suggestions" aria-label={t().search.suggestions}>
        <Show when={found().length > 0}>
          <ul>
            <For each={found()}>
              {(suggestion) => (
                <li>
                  <span class="aliases">{t().search.suggested[suggestion.type]}</span>{" "}
                  <Destination suggestion={suggestion} />
                  <Show when={suggestion.alias}>
                    {(alias) => <span class="aliases"> {t().search.formerly(alias())}</span>}
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
  const name = () => props.suggestion.text || `#${props.suggestion.id}`;
  return (
    <Show
      when={props.suggestion.type !== "thread"}
      fallback={
        <a href={forumThread(props.suggestion.id)} rel="noreferrer">
          {name()}
        </a>
      }
    >
      <a
        href={below(
          props.suggestion.type === "user" ? `/users/${props.suggestion.id}` : `/?bid=${props.suggestion.id}`,
        )}
      >
        {name()}
      </a>
    </Show>
  );
}
