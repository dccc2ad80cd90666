import { useSearchParams } from "@solidjs/router";
import { createSignal, For, onCleanup, Show } from "solid-js";
import { below } from "../base.ts";
import { ago, dateTime, type Language, language, setLanguage, texts } from "../i18n/index.ts";
import { pages } from "../pages.ts";
import { status } from "../status.ts";
import { setTheme, theme, themes } from "../theme.ts";

const text = texts({
  de: {
    current: (crawl: string) => `Stand: ${crawl}`,
    outdated: (crawl: string, analysis: string) => `Gelesen ${crawl}, ausgewertet ${analysis}`,
    notFresh: "Noch nichts ausgewertet",
    theme: "Farbschema",
    themes: { system: "System", light: "Hell", dark: "Dunkel" },
    language: "Sprache",
  },
  en: {
    current: (crawl) => `Updated ${crawl}`,
    outdated: (crawl, analysis) => `Crawled ${crawl}, analyzed ${analysis}`,
    notFresh: "Nothing analyzed yet",
    theme: "Color scheme",
    themes: { system: "System", light: "Light", dark: "Dark" },
    language: "Language",
  },
});

/** The age of the data, the reader's preferences, and links to imprint and privacy policy. */
export const Footer = () => (
  <footer>
    <Freshness />
    <Preferences />
    <p>
      <For each={pages.filter(({ isInFooter }) => isInFooter)}>
        {({ path, title }, index) => (
          <>
            {index() > 0 ? " · " : ""}
            <a href={below(path)}>{title[language()]}</a>
          </>
        )}
      </For>
    </p>
  </footer>
);

function Freshness() {
  const [minute, setMinute] = createSignal(0);
  const timer = setInterval(() => setMinute((count) => count + 1), 60_000);
  onCleanup(() => clearInterval(timer));
  const age = (time: Date) => {
    minute();
    return ago(time);
  };
  return (
    <p>
      <Show when={status()} fallback=" ">
        {(current) => (
          <Show when={current().last_analysis_at} fallback={text().notFresh}>
            {(last) => {
              const analyzed = () => new Date(last());
              const crawled = () => new Date(current().last_crawl_at ?? last());
              return (
                <span title={`${dateTime(crawled())}, ${dateTime(analyzed())}`}>
                  {analyzed() < crawled()
                    ? text().outdated(age(crawled()), age(analyzed()))
                    : text().current(age(crawled()))}
                </span>
              );
            }}
          </Show>
        )}
      </Show>
    </p>
  );
}

function Preferences() {
  const [, setParameters] = useSearchParams();
  const chooseLanguage = (chosen: string) => {
    setLanguage(chosen as Language);
    // Otherwise `?lang` would undo the choice on reload.
    setParameters({ lang: "" }, { replace: true });
  };
  return (
    <div class="switches">
      <label>
        <span class="sr-only">{text().theme}</span>
        <select value={theme()} onChange={(event) => setTheme(event.currentTarget.value)}>
          <For each={themes}>{(choice) => <option value={choice}>{text().themes[choice]}</option>}</For>
        </select>
      </label>
      <label>
        <span class="sr-only">{text().language}</span>
        <select value={language()} onChange={(event) => chooseLanguage(event.currentTarget.value)}>
          <option value="de">Deutsch</option>
          <option value="en">English</option>
        </select>
      </label>
    </div>
  );
}
