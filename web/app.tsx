import { Router, type RouteDefinition } from "@solidjs/router";
import { base } from "./base.ts";
import { lazyComponent } from "./components/lazy.tsx";
import { Skeleton } from "./components/loaded.tsx";
import { Page } from "./components/page.tsx";
import { type PageEntry, pages } from "./pages.ts";
import { Shell } from "./shell/shell.tsx";

/** The first page's path, and the title that the document came with: it names the user whose page it is. */
const first = { path: location.pathname, title: document.title };

/** A page whose code is being loaded: its heading, and a skeleton. */
function PageSkeleton(props: { page: PageEntry }) {
  const isFirst = location.pathname === first.path && first.title.endsWith(" – pOTstats");
  const isNamed = props.page.path.includes(":") && isFirst;
  return (
    <Page title={isNamed ? first.title.replace(/ – pOTstats$/, "") : undefined}>
      <Skeleton height="24rem" />
    </Page>
  );
}

/** The route of a page. Its code is loaded when the page is opened, or when a link to it is hovered. */
const route = (page: PageEntry): RouteDefinition => ({
  path: page.path,
  matchFilters: Object.fromEntries([...page.path.matchAll(/:(\w+)/g)].map(([, name]) => [name, /^\d+$/])),
  component: lazyComponent(page.load, "24rem", () => <PageSkeleton page={page} />),
  info: page,
});

const notFound: RouteDefinition = {
  path: "*",
  component: lazyComponent(() => import("./pages/not-found/page.tsx"), "24rem"),
};

export const routes = (): RouteDefinition[] => [...pages.map(route), notFound];

export const App = (props: { url?: string }) => (
  <Router root={Shell} base={base} {...props}>
    {routes()}
  </Router>
);
