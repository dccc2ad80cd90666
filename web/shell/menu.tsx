import { useLocation } from "@solidjs/router";
import { For, Show } from "solid-js";
import { base } from "../base.ts";
import { useFilters } from "../filters.ts";
import { language } from "../i18n/index.ts";
import { menuGroups, type PageEntry, pages } from "../pages.ts";

/** Links to all pages that belong to a group, keeping the selection. */
export const Menu = () => (
  <For each={menuGroups}>
    {(group) => (
      <Show when={"title" in group && group.title} fallback={<Links group={group.name} />}>
        {(title) => (
          <div class="nav-group" role="group" aria-label={title()[language()]}>
            <p class="nav-heading" aria-hidden="true">
              {title()[language()]}
            </p>
            <Links group={group.name} />
          </div>
        )}
      </Show>
    )}
  </For>
);

function Links(props: { group: PageEntry["group"] }) {
  const filters = useFilters();
  const location = useLocation();
  /** The page of one user counts as part of the users page. */
  const isCurrent = (path: string) => {
    const current = location.pathname.slice(base.length) || "/";
    return current === path || (path !== "/" && current.startsWith(`${path}/`));
  };
  return (
    <For each={pages.filter(({ group }) => group === props.group)}>
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
