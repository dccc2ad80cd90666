import { type RouteSectionProps, useLocation } from "@solidjs/router";
import { createSignal, ErrorBoundary } from "solid-js";
import { Failed } from "../components/loaded.tsx";
import { useFilters } from "../filters.ts";
import { texts } from "../i18n/index.ts";
import { useScrollRestoration } from "../scroll-restoration.ts";
import { FilterChoice } from "./filter-choice.tsx";
import { Footer } from "./footer.tsx";
import { PrintHead } from "./print-head.tsx";
import { Shortcuts } from "./shortcuts.tsx";
import { Menu } from "./menu.tsx";

const text = texts({
  de: { skip: "Zum Inhalt springen", menu: "Menü" },
  en: { skip: "Skip to content", menu: "Menu" },
});

/** The frame of every page: side bar with filters, menu and footer. */
export function Shell(props: RouteSectionProps) {
  const filters = useFilters();
  const location = useLocation();
  const [isOpen, setOpen] = createSignal(false);
  useScrollRestoration();
  return (
    <>
      {/* External: the router would scroll, but not move the focus. With the path: <base> applies to `#content` alone. */}
      <a class="skip" href={`${location.pathname}${location.search}#content`} rel="external">
        {text().skip}
      </a>
      <div class="shell">
        <aside class="side" data-open={isOpen()}>
          <div class="side-top">
            <a class="brand" href={filters.link("/")}>
              <b>
                p<span>OT</span>stats
              </b>
              {/* The forum's own joke, which does not translate. */}
              <small lang="de">Ein pOTsches Informationsportal</small>
            </a>
            <button
              type="button"
              class="button menu-button"
              aria-expanded={isOpen()}
              aria-controls="nav"
              onClick={() => setOpen(!isOpen())}
            >
              {text().menu}
            </button>
          </div>
          <FilterChoice />
          <nav class="nav" id="nav" aria-label={text().menu} onClick={() => setOpen(false)}>
            <Menu />
          </nav>
          <Footer />
        </aside>
        <main id="content" tabindex="-1">
          <PrintHead />
          <ErrorBoundary fallback={(error) => <Failed error={error} retry={() => window.location.reload()} />}>
            {props.children}
          </ErrorBoundary>
        </main>
      </div>
      <Shortcuts />
    </>
  );
}
