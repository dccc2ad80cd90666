/** The page of the current URL, as an entry of pages.ts. */
import { useCurrentMatches } from "@solidjs/router";
import { untrack } from "solid-js";
import { language } from "./i18n/index.ts";
import type { PageEntry } from "./pages.ts";

/** Undefined if no page has this URL. */
export function useCurrentPage(): () => PageEntry | undefined {
  const matches = useCurrentMatches();
  return () => matches().at(-1)?.route.info as PageEntry | undefined;
}

/** The title of the page that the component belongs to, in the reader's language. */
export function usePageTitle(): () => string {
  // Read once: while a page is being left, the current page is already the next one.
  const page = untrack(useCurrentPage());
  return () => page?.title[language()] ?? "";
}
