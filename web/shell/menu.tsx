import { useLocation } from "@solidjs/router";
import { For } from "solid-js";
import { base } from "../base.ts";
import { useFilters } from "../filters.ts";
import { language } from "../i18n/index.ts";
import { pages } from "../pages.ts";

/** Links to all pages that have an icon, keeping the selection. */
export function Menu() {
  const filters = useFilters();
  const location = useLocation();
  /** The page of one user counts as part of the users page. */
  const isCurrent = (path: string) => {
    const current = location.pathname.slice(base.length) || "/";
    return current === path || (path !== "/" && current.startsWith(`${path}/`));
  };
  return (
    <For each={pages.filter(({ icon }) => icon !== undefined)}>
      {({ path, title, icon, isTab }) => (
        <a
          href={filters.link(path)}
          class={isTab ? "tab" : undefined}
          aria-current={isCurrent(path) ? "page" : undefined}
        >
          <svg
            viewBox="0 0 20 20"
            fill="none"
            stroke="currentColor"
            stroke-width="1.6"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
          >
            <path d={icon ?? ""} />
          </svg>
          <span>{title[language()]}</span>
        </a>
      )}
    </For>
  );
}
