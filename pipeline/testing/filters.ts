/** The filter bar, for browser tests. */
import type { Locator, Page } from "playwright-core";

/** Adds a filter through the box that completes it. */
export async function addFilter(page: Page, typed: string): Promise<void> {
  await page.click(".add-filter");
  await page.fill(".filter-box input", typed);
  await page.locator(".filter-option", { hasText: typed }).first().click();
}

/** The chip of a filter; none if it is not set. */
export const chip = (page: Page, filter: "year" | "bid" | "uid"): Locator =>
  page.locator(`.chip[data-filter=${filter}]`);

/** Whether a filter is set, but not used by the page. */
export const isUnused = async (page: Page, filter: "year" | "bid" | "uid"): Promise<boolean> =>
  (await chip(page, filter).getAttribute("class"))?.includes("unused") ?? false;
