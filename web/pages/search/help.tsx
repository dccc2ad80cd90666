import { For } from "solid-js";
import { texts } from "../../i18n/index.ts";

const text = texts<{ start: string; title: string; missing: string; rows: [syntax: string, meaning: string][] }>({
  de: {
    start: "Einfach lostippen.",
    title: "Hilfe zur Suche",
    missing: "Versteckte Posts und solche ohne eigenen Text, die etwa nur zitieren, sind nicht durchsuchbar.",
    rows: [
      ["wort wort", "alle Wörter müssen vorkommen, auch gebeugt oder als Teil eines längeren Wortes"],
      ['"eine phrase"', "genau diese Wortfolge"],
      ["-wort", "darf in dieser Schreibweise nicht vorkommen"],
      ["+wort", "genau diese Schreibweise"],
      ['user:name, user:"zwei wörter"', "von diesem Nutzer"],
      ["board:name, thread:123", "in diesem Forum, in diesem Thread"],
      ["year:2012, after:2011, before:2012-05-01", "aus diesem Zeitraum"],
      ["has:link, has:image, has:video", "Posts mit Links, Bildern, Videos"],
      ["tag:wort", "Threads mit diesem Tag"],
    ],
  },
  en: {
    start: "Just start typing.",
    title: "Search help",
    missing: "Hidden posts, and posts without text of their own, such as mere quotes, cannot be searched.",
    rows: [
      ["word word", "all words must occur, in any form or as part of a longer word"],
      ['"a phrase"', "exactly these words in this order"],
      ["-word", "must not occur in this spelling"],
      ["+word", "exactly this spelling"],
      ['user:name, user:"two words"', "by this user"],
      ["board:name, thread:123", "in this board, in this thread"],
      ["year:2012, after:2011, before:2012-05-01", "from this period"],
      ["has:link, has:image, has:video", "posts with links, images, videos"],
      ["tag:word", "threads with this tag"],
    ],
  },
});

/** Help on the query language, shown while there is no query. */
export const SearchHelp = () => (
  <section class="card prose">
    <h2 class="sr-only">{text().title}</h2>
    <p>{text().start}</p>
    <dl class="syntax">
      <For each={text().rows}>
        {([syntax, meaning]) => (
          <div>
            <dt>
              <code>{syntax}</code>
            </dt>
            <dd>{meaning}</dd>
          </div>
        )}
      </For>
    </dl>
    <p class="aliases">{text().missing}</p>
  </section>
);
