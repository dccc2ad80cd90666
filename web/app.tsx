import { Route, Router, type RouteSectionProps, useLocation, useNavigate, useSearchParams } from "@solidjs/router";
import { type Component, createResource, createSignal, ErrorBoundary, For, onCleanup, onMount, Show } from "solid-js";
import { answer, api } from "./api.ts";
import { base, below } from "./base.ts";
import { icons } from "./components/icons.tsx";
import { later } from "./components/later.tsx";
import { dataOf, Failed } from "./components/loaded.tsx";
import { useFilters } from "./filters.ts";
import { ago, dateTime, type Language, language, setLanguage, t } from "./i18n/index.ts";
import { keepPlaces } from "./place.ts";
import { status } from "./status.ts";
import { setTheme, theme, themes } from "./theme.ts";

/** The pages of the menu, and which filters each can use. */
const pages: { path: string; name: keyof typeof icons; filters: string }[] = [
  { path: "/", name: "overview", filters: "year bid" },
  { path: "/users", name: "users", filters: "year bid" },
  { path: "/compare", name: "compare", filters: "bid" },
  { path: "/years", name: "years", filters: "bid" },
  { path: "/weekdays", name: "weekdays", filters: "year bid" },
  { path: "/days", name: "days", filters: "year bid" },
  { path: "/boards", name: "boards", filters: "year" },
  { path: "/network", name: "network", filters: "year" },
  { path: "/links", name: "links", filters: "year" },
  { path: "/search", name: "search", filters: "year bid" },
];

/** Whether the address is that of a page of the menu, or of one beneath it. */
function isAt(pathname: string, path: string): boolean {
  const own = pathname.slice(base.length) || "/";
  return own === path || (path !== "/" && own.startsWith(`${path}/`));
}

/** Year and board, applying to every page that can use them. */
function FilterChoice() {
  const filters = useFilters();
  const location = useLocation();
  const [years] = createResource(() => answer(api.years.$get({ query: {} })));
  const [boards] = createResource(() => answer(api.boards.$get({ query: {} })));
  const usable = (filter: string) =>
    (pages.find(({ path }) => isAt(location.pathname, path))?.filters ?? "").includes(filter);
  /** A year of the address stays to be seen, with data or without. */
  const offered = () => {
    const known = dataOf(years)?.rows.map(({ year }) => String(year)) ?? [];
    return [...new Set([...known, filters.year()])]
      .filter((year) => year !== "")
      .toSorted()
      .toReversed();
  };
  /** Likewise a board. */
  const isUnknownBoard = () =>
    filters.bid() !== "" && !dataOf(boards)?.rows.some(({ bid }) => String(bid) === filters.bid());
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      <label>
        {t().filters.year}
        <select
          name="year"
          disabled={!usable("year")}
          title={usable("year") ? undefined : t().filters.unused}
          onChange={(event) => filters.set({ year: event.currentTarget.value })}
        >
          <option value="" selected={filters.year() === ""}>
            {t().filters.allYears}
          </option>
          <For each={offered()}>
            {(year) => (
              <option value={year} selected={filters.year() === year}>
                {year}
              </option>
            )}
          </For>
        </select>
      </label>
      <label>
        {t().filters.board}
        <select
          name="bid"
          disabled={!usable("bid")}
          title={usable("bid") ? undefined : t().filters.unused}
          onChange={(event) => filters.set({ bid: event.currentTarget.value })}
        >
          <option value="" selected={filters.bid() === ""}>
            {t().filters.allBoards}
          </option>
          <For each={dataOf(boards)?.rows.toSorted((a, b) => a.name.localeCompare(b.name))}>
            {({ bid, name }) => (
              <option value={bid} selected={filters.bid() === String(bid)}>
                {name}
              </option>
            )}
          </For>
          <Show when={isUnknownBoard()}>
            <option value={filters.bid()} selected>
              #{filters.bid()}
            </option>
          </Show>
        </select>
      </label>
    </form>
  );
}

/** How fresh the numbers are. */
function Freshness() {
  return (
    <p>
      <Show when={status()} fallback=" ">
        {(known) => (
          <Show when={known().last_analysis_at} fallback={t().notFresh}>
            {(analysed) => {
              const crawled = () => new Date(known().last_crawl_at ?? analysed());
              return (
                <span title={`${dateTime(crawled())}, ${dateTime(new Date(analysed()))}`}>
                  {t().fresh(ago(crawled()), ago(new Date(analysed())))}
                </span>
              );
            }}
          </Show>
        )}
      </Show>
    </p>
  );
}

function Switches() {
  const [, setParameters] = useSearchParams();
  const chooseLanguage = (chosen: string) => {
    setLanguage(chosen as Language);
    // Else the address would bring the former one back on reload.
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

/** `/` goes to the search, `?` lists the keys. */
function Keys() {
  const navigate = useNavigate();
  const filters = useFilters();
  let dialog: HTMLDialogElement | undefined;
  const listen = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) return;
    if (event.key === "/") {
      event.preventDefault();
      const box = document.querySelector<HTMLInputElement>("input[type=search]");
      if (box) box.focus();
      else navigate(filters.link("/search"), { resolve: false });
    } else if (event.key === "?") dialog?.showModal();
  };
  onMount(() => document.addEventListener("keydown", listen));
  onCleanup(() => document.removeEventListener("keydown", listen));
  return (
    <dialog ref={(element) => (dialog = element)} aria-labelledby="keys-title">
      <h2 id="keys-title">{t().keys.title}</h2>
      <table>
        <tbody>
          <tr>
            <th scope="row">
              <kbd>/</kbd>
            </th>
            <td>{t().keys.search}</td>
          </tr>
          <tr>
            <th scope="row">
              <kbd>?</kbd>
            </th>
            <td>{t().keys.help}</td>
          </tr>
          <tr>
            <th scope="row">
              <kbd>Esc</kbd>
            </th>
            <td>{t().keys.close}</td>
          </tr>
        </tbody>
      </table>
      <form method="dialog">
        <button type="submit" class="button">
          {t().keys.closeButton}
        </button>
      </form>
    </dialog>
  );
}

function Shell(props: RouteSectionProps) {
  const filters = useFilters();
  const location = useLocation();
  const [open, setOpen] = createSignal(false);
  keepPlaces();
  return (
    <>
      {/* External to the router, which would scroll and leave the focus behind. The path, since <base> is another page. */}
      <a class="skip" href={`${location.pathname}${location.search}#content`} rel="external">
        {t().skip}
      </a>
      <div class="shell">
        <aside class="side" data-open={open()}>
          <div class="side-top">
            <a class="brand" href={filters.link("/")}>
              <b>
                p<span>OT</span>stats
              </b>
              <small lang="de">{t().tagline}</small>
            </a>
            <button
              type="button"
              class="button menu-button"
              aria-expanded={open()}
              aria-controls="nav"
              onClick={() => setOpen(!open())}
            >
              {t().menu}
            </button>
          </div>
          <FilterChoice />
          <nav class="nav" id="nav" aria-label={t().menu} onClick={() => setOpen(false)}>
            <For each={pages}>
              {({ path, name }) => (
                <a href={filters.link(path)} aria-current={isAt(location.pathname, path) ? "page" : undefined}>
                  {icons[name]()}
                  {t().nav[name]}
                </a>
              )}
            </For>
          </nav>
          <footer>
            <Freshness />
            <Switches />
            <p>
              <a href={below("/imprint")}>{t().nav.imprint}</a> · <a href={below("/privacy")}>{t().nav.privacy}</a>
            </p>
          </footer>
        </aside>
        <main id="content" tabindex="-1">
          <ErrorBoundary fallback={(error) => <Failed error={error} again={() => window.location.reload()} />}>
            {props.children}
          </ErrorBoundary>
        </main>
      </div>
      <Keys />
    </>
  );
}

/** A page: its code comes when it is opened, or when a link to it is pointed at. */
const page = (load: () => Promise<{ default: Component }>) => later(load, "24rem");

export const App = () => (
  <Router root={Shell} base={base}>
    <Route path="/" component={page(() => import("./pages/overview.tsx"))} />
    <Route path="/users" component={page(() => import("./pages/poster-stats.tsx"))} />
    <Route
      path="/users/:uid"
      matchFilters={{ uid: /^\d+$/ }}
      component={page(() => import("./pages/poster-development.tsx"))}
    />
    <Route path="/compare" component={page(() => import("./pages/compare.tsx"))} />
    <Route path="/years" component={page(() => import("./pages/year-over-year-stats.tsx"))} />
    <Route path="/weekdays" component={page(() => import("./pages/weekday-stats.tsx"))} />
    <Route path="/days" component={page(() => import("./pages/daily-stats.tsx"))} />
    <Route path="/boards" component={page(() => import("./pages/boards.tsx"))} />
    <Route path="/network" component={page(() => import("./pages/social-graph.tsx"))} />
    <Route path="/links" component={page(() => import("./pages/domains.tsx"))} />
    <Route path="/search" component={page(() => import("./pages/search.tsx"))} />
    <Route path="/imprint" component={page(() => import("./pages/imprint.tsx"))} />
    <Route path="/privacy" component={page(() => import("./pages/privacy.tsx"))} />
    <Route path="*" component={page(() => import("./pages/not-found.tsx"))} />
  </Router>
);
