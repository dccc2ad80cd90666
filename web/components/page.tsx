import { createEffect, type JSX, Show } from "solid-js";
import { below } from "../base.ts";
import { usePageTitle } from "../current-page.ts";
import { language, number, t } from "../i18n/index.ts";

/** A page with its heading, which is also the document's title. By default it is the page's title in pages.ts. */
export function Page(props: { title?: string | undefined; lead?: string; tools?: JSX.Element; children: JSX.Element }) {
  const pageTitle = usePageTitle();
  const title = () => props.title ?? pageTitle();
  createEffect(() => (document.title = `${title()} – pOTstats`));
  return (
    <>
      <header class="page-head">
        <div>
          <h1>{title()}</h1>
          <Show when={props.lead}>
            <p>{props.lead}</p>
          </Show>
        </div>
        {/* A function, so that the tools are created once. */}
        <Show when={props.tools}>{(tools) => <div class="tools">{tools()}</div>}</Show>
      </header>
      {props.children}
    </>
  );
}

/** A choice between a few values, as a row of buttons. */
export function Choice<T extends string>(props: {
  label: string;
  choices: readonly T[];
  chosen: T;
  name: (choice: T) => string;
  choose: (choice: T) => void;
}) {
  return (
    <div class="tools" role="group" aria-label={props.label}>
      {props.choices.map((choice) => (
        <button
          type="button"
          class="button"
          aria-pressed={props.chosen === choice}
          onClick={() => props.choose(choice)}
        >
          {props.name(choice)}
        </button>
      ))}
    </div>
  );
}

/** A choice of the statistic that the charts show. */
export function StatisticChoice<T extends keyof ReturnType<typeof t>["statistics"]>(props: {
  choices: readonly T[];
  chosen: T;
  choose: (choice: T) => void;
}) {
  return (
    <Choice
      label={t().statistic}
      choices={props.choices}
      chosen={props.chosen}
      choose={props.choose}
      name={(choice) => t().statistics[choice]}
    />
  );
}

/** A large number with its name. */
export const Total = (props: { value: number; name: string; detail?: string | undefined }) => (
  <div class="card total">
    <b>{number(props.value)}</b>
    <span>{props.name}</span>
    <Show when={props.detail}>
      <small>{props.detail}</small>
    </Show>
  </div>
);

/**
 * Downloads a complete table from the API, including rows that the page does not show, for spreadsheets in the reader's
 * language.
 */
export function CsvLink(props: { path: string; query: Record<string, string> }) {
  const query = () => new URLSearchParams({ ...props.query, csv: "excel", lang: language() });
  return (
    <a class="button quiet" href={below(`/api/${props.path}?${query()}`)} download="">
      CSV
    </a>
  );
}
