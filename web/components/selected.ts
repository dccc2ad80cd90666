import type { Filter } from "../pages.ts";

/** The displayed name of the selected year, board or user; "" for all, or if the page does not use the filter. */
export function selected(filter: Filter): string {
  return document.querySelector<HTMLElement>(`.chip[data-filter=${filter}]`)?.dataset["value"] ?? "";
}
