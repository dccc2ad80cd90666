import { type RouteSectionProps, useLocation } from "@solidjs/router";
import { createSignal, ErrorBoundary, onCleanup, onMount } from "solid-js";
import { Failed } from "../components/loaded.tsx";
import { useFilters } from "../filters.ts";
import { texts } from "../i18n/index.ts";
import { useScrollRestoration } from "../scroll-restoration.ts";
import { FilterBar } from "./filter-bar.tsx";
import { Footer } from "./footer.tsx";
import { PrintHead } from "./print-head.tsx";
import { useFocusOnArrival } from "./focus-on-arrival.ts";
import { Shortcuts } from "./shortcuts.tsx";
import { Menu } from "./menu.tsx";

const text = texts({
  de: { skip: "Zum Inhalt springen", menu: "Menü", more: "Mehr" },
  en: { skip: "Skip to content", menu: "Menu", more: "More" },
});

/** The frame of every page: side bar with menu and footer, and the filters above the page. */
export function Shell(props: RouteSectionProps) {
  const filters = useFilters();
  const location = useLocation();
  useScrollRestoration();
  useFocusOnArrival();
  return (
    <>
      {/* External: the router would scroll, but not move the focus. With the path: <base> applies to `#content` alone. */}
      <a class="skip" href={`${location.pathname}${location.search}#content`} rel="external">
        {text().skip}
      </a>
      <div class="shell">
        <aside class="side">
          <a class="brand" href={filters.link("/")}>
            <b>
              p<span>OT</span>stats
            </b>
            {/* The forum's own joke, which does not translate. */}
            <small lang="de">Ein pOTsches Informationsportal</small>
          </a>
          <Dock />
        </aside>
        <main id="content" tabindex="-1">
          <PrintHead />
          <FilterBar />
          <ErrorBoundary fallback={(error) => <Failed error={error} retry={() => window.location.reload()} />}>
            {props.children}
          </ErrorBoundary>
        </main>
      </div>
      <Shortcuts />
    </>
  );
}

/**
 * Menu and footer. In a narrow window the menu is a rail, on a phone a bar at the bottom with the most important pages;
 * there a button opens the rest.
 */
function Dock() {
  const [isOpen, setOpen] = createSignal(false);
  let dock: HTMLElement | undefined;
  let button: HTMLButtonElement | undefined;
  const close = (event: Event) => {
    if (!isOpen() || (event.type === "pointerdown" && dock?.contains(event.target as Node))) return;
    if (event instanceof KeyboardEvent) {
      if (event.key !== "Escape") return;
      button?.focus();
    }
    setOpen(false);
  };
  const events = ["pointerdown", "keydown"] as const;
  onMount(() => events.forEach((name) => document.addEventListener(name, close)));
  onCleanup(() => events.forEach((name) => document.removeEventListener(name, close)));
  return (
    <div class="dock" data-open={isOpen()} ref={(element) => (dock = element)}>
      <nav class="nav" id="nav" aria-label={text().menu} onClick={() => setOpen(false)}>
        <Menu />
      </nav>
      <button
        type="button"
        class="menu-button"
        aria-expanded={isOpen()}
        aria-controls="nav"
        onClick={() => setOpen(!isOpen())}
        ref={(element) => (button = element)}
      >
        <svg viewBox="0 0 20 20" fill="currentColor" aria-hidden="true">
          <circle cx="4" cy="10" r="1.7" />
          <circle cx="10" cy="10" r="1.7" />
          <circle cx="16" cy="10" r="1.7" />
        </svg>
        {text().more}
      </button>
      <Footer />
    </div>
  );
}
