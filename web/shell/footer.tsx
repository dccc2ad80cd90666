import { useSearchParams } from "@solidjs/router";
import { For, Show } from "solid-js";
import { below } from "../base.ts";
import { ago, dateTime, type Language, language, setLanguage, t } from "../i18n/index.ts";
import { status } from "../status.ts";
import { setTheme, theme, themes } from "../theme.ts";

/** How fresh the numbers are, the reader's preferences, and what the law demands. */
export const Footer = () => (
  <footer>
    <Freshness />
    <Preferences />
    <p>
      <a href={below("/imprint")}>{t().nav.imprint}</a> · <a href={below("/privacy")}>{t().nav.privacy}</a>
    </p>
  </footer>
);

function Freshness() {
  return (
    <p>
      <Show when={status()} fallback=" ">
        {(current) => (
          <Show when={current().last_analysis_at} fallback={t().notFresh}>
            {(analyzed) => {
              const crawled = () => new Date(current().last_crawl_at ?? analyzed());
              return (
                <span title={`${dateTime(crawled())}, ${dateTime(new Date(analyzed()))}`}>
                  {t().fresh(ago(crawled()), ago(new Date(analyzed())))}
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
        <span class="sr-only">{t().theme.label}</span>
        <select value={theme()} onChange={(event) => setTheme(event.currentTarget.value)}>
          <For each={themes}>{(choice) => <option value={choice}>{t().theme[choice]}</option>}</For>
        </select>
      </label>
      <label>
        <span class="sr-only">{t().language}</span>
        <select value={language()} onChange={(event) => chooseLanguage(event.currentTarget.value)}>
          <option value="de">Deutsch</option>
          <option value="en">English</option>
        </select>
      </label>
    </div>
  );
}
