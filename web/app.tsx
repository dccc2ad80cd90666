import { Router, type RouteDefinition } from "@solidjs/router";
import { base } from "./base.ts";
import { lazyComponent } from "./components/lazy.tsx";
import { type PageEntry, pages } from "./pages.ts";
import { Shell } from "./shell/shell.tsx";

/** The route of a page. Its code is loaded when the page is opened, or when a link to it is hovered. */
const route = (page: PageEntry): RouteDefinition => ({
  path: page.path,
  matchFilters: Object.fromEntries([...page.path.matchAll(/:(\w+)/g)].map(([, name]) => [name, /^\d+$/])),
  component: lazyComponent(page.load, "24rem"),
  info: page,
});

const notFound: RouteDefinition = {
  path: "*",
  component: lazyComponent(() => import("./pages/not-found/page.tsx"), "24rem"),
};

export const App = () => (
  <Router root={Shell} base={base}>
    {[...pages.map(route), notFound]}
  </Router>
);
