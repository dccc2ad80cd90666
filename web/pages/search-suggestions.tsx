import { A } from "@solidjs/router";
import { createEffect, createSignal, For, on, onCleanup, Show } from "solid-js";
import { answer, api, type Suggestion } from "../api.ts";
import { t } from "../i18n/index.ts";
import { forumThread } from "../status.ts";

/** Milliseconds without a keystroke before suggestions are asked for: the hits come first. */
const settle_ms = 80;

/** Users, boards and threads whose name begins as typed: each a link to where it leads. */
export function SearchSuggestions(props: { typed: string }) {
  const [found, setFound] = createSignal<Suggestion[]>([]);
  let latest = 0;

  createEffect(
    on(
      () => props.typed,
      (q) => {
        const mine = ++latest;
        // What belongs to the query language begins no name.
        if (q.trim() === "" || /[:"+]/.test(q)) {
          setFound([]);
          return;
        }
        const timer = setTimeout(() => {
          const rows = answer(api.search.suggest.$get({ query: { q } })).then(
            (answered) => answered.rows,
            // Whether the search works, its hits say.
            () => [],
          );
          void rows.then((suggestions) => mine === latest && setFound(suggestions));
        }, settle_ms);
        onCleanup(() => clearTimeout(timer));
      },
    ),
  );

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
      <A href={props.suggestion.type === "user" ? `/users/${props.suggestion.id}` : `/?bid=${props.suggestion.id}`}>
        {name()}
      </A>
    </Show>
  );
}
