import { A, Route, Router, type RouteSectionProps, useLocation, useNavigate } from "@solidjs/router";
import { createResource, createSignal, For, lazy, onCleanup, onMount, Show, Suspense } from "solid-js";
import { answer, api } from "./api.ts";
import { icons } from "./components/icons.tsx";
import { Skeleton } from "./components/loaded.tsx";
import { useFilters } from "./filters.ts";
import { ago, type Language, language, setLanguage, t } from "./i18n/index.ts";
import { setTheme, theme, themes } from "./theme.ts";

const pages = [
  { path: "/", name: "overview" },
  { path: "/users", name: "users" },
  { path: "/years", name: "years" },
  { path: "/weekdays", name: "weekdays" },
  { path: "/days", name: "days" },
  { path: "/boards", name: "boards" },
  { path: "/network", name: "network" },
  { path: "/links", name: "links" },
  { path: "/search", name: "search" },
] as const;

/** Year and board, applying to every page that can use them. */
function FilterChoice() {
  const filters = useFilters();
  const [years] = createResource(() => answer(api["year-over-year-stats"].$get({ query: {} })));
  const [boards] = createResource(() => answer(api.boards.$get({ query: {} })));
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      <label>
        {t().filters.year}
        <select name="year" onChange={(event) => filters.set({ year: event.currentTarget.value })}>
          <option value="">{t().filters.allYears}</option>
          <For each={years.latest?.rows.toReversed()}>
            {({ year }) => (
              <option value={year} selected={filters.year() === String(year)}>
                {year}
              </option>
            )}
          </For>
        </select>
      </label>
      <label>
        {t().filters.board}
        <select name="bid" onChange={(event) => filters.set({ bid: event.currentTarget.value })}>
          <option value="">{t().filters.allBoards}</option>
          <For each={boards.latest?.rows.toSorted((a, b) => a.name.localeCompare(b.name))}>
            {({ bid, name }) => (
              <option value={bid} selected={filters.bid() === String(bid)}>
                {name}
              </option>
            )}
          </For>
        </select>
      </label>
    </form>
  );
}

/** How fresh the numbers are. */
function Freshness() {
  const [status] = createResource(() => answer(api.status.$get()));
  return (
    <p>
      <Show when={!status.error && status()} fallback={" "}>
        {(known) => (
          <Show when={known().last_analysis_at} fallback={t().notFresh}>
            {(analysed) => {
              const crawled = () => known().last_crawl_at ?? analysed();
              return (
                <span title={`${crawled()}, ${analysed()}`}>
                  {t().fresh(ago(new Date(crawled())), ago(new Date(analysed())))}
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
        <select value={language()} onChange={(event) => setLanguage(event.currentTarget.value as Language)}>
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
      else navigate(filters.link("/search"));
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
  const isCurrent = (path: string) => (path === "/" ? location.pathname === "/" : location.pathname.startsWith(path));
  return (
    <>
      <a class="skip" href="#content">
        {t().skip}
      </a>
      <div class="shell">
        <aside class="side" data-open={open()}>
          <div class="side-top">
            <A class="brand" href={filters.link("/")}>
              <b>
                p<span>OT</span>stats
              </b>
              <small lang="de">{t().tagline}</small>
            </A>
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
                <a href={filters.link(path)} aria-current={isCurrent(path) ? "page" : undefined}>
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
              <A href="/imprint">{t().nav.imprint}</A> · <A href="/privacy">{t().nav.privacy}</A>
            </p>
          </footer>
        </aside>
        <main id="content" tabindex="-1">
          <Suspense fallback={<Skeleton height="24rem" />}>{props.children}</Suspense>
        </main>
      </div>
      <Keys />
    </>
  );
}

export const App = () => (
  <Router root={Shell}>
    <Route path="/" component={lazy(() => import("./pages/overview.tsx"))} />
    <Route path="/users" component={lazy(() => import("./pages/poster-stats.tsx"))} />
    <Route path="/users/:uid" component={lazy(() => import("./pages/poster-development.tsx"))} />
    <Route path="/years" component={lazy(() => import("./pages/year-over-year-stats.tsx"))} />
    <Route path="/weekdays" component={lazy(() => import("./pages/weekday-stats.tsx"))} />
    <Route path="/days" component={lazy(() => import("./pages/daily-stats.tsx"))} />
    <Route path="/boards" component={lazy(() => import("./pages/boards.tsx"))} />
    <Route path="/network" component={lazy(() => import("./pages/social-graph.tsx"))} />
    <Route path="/links" component={lazy(() => import("./pages/domains.tsx"))} />
    <Route path="/search" component={lazy(() => import("./pages/search.tsx"))} />
    <Route path="/imprint" component={lazy(() => import("./pages/imprint.tsx"))} />
    <Route path="/privacy" component={lazy(() => import("./pages/privacy.tsx"))} />
    <Route path="*" component={lazy(() => import("./pages/not-found.tsx"))} />
  </Router>
);
