/**
 * When a page has nothing left to do, for browser tests: the condition itself, instead of Playwright's `networkidle`, which
 * waits for half a second without requests after each visit and still proves nothing on a slow machine.
 */
import { until } from "@potstats/cli/testing/until";
import type { Page, Request } from "playwright-core";

interface Requests {
  pending: Set<Request>;
  /** All so far. */
  count: number;
}

const observed = new WeakMap<Page, Requests>();

/** Observes a page's requests, from now on. */
export function observeRequests(page: Page): Requests {
  const known = observed.get(page);
  if (known) return known;
  const requests: Requests = { pending: new Set(), count: 0 };
  observed.set(page, requests);
  page.on("request", (request) => {
    requests.pending.add(request);
    requests.count++;
  });
  const end = (request: Request) => void requests.pending.delete(request);
  page.on("requestfinished", end);
  page.on("requestfailed", end);
  return requests;
}

/** Waits in a page until it was idle between some consecutive frames, in which nothing in the document changed. */
async function waitForIdleFrames(): Promise<void> {
  let isChanged = false;
  const observer = new MutationObserver(() => {
    isChanged = true;
  });
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const idle = () => new Promise((resolve) => requestIdleCallback(resolve, { timeout: 1000 }));
  for (let still = 0, frames = 0; still < 4 && frames < 300; frames++) {
    isChanged = false;
    await frame();
    await idle();
    still = isChanged ? 0 : still + 1;
  }
  observer.disconnect();
}

/**
 * Waits until all requests have ended and the page is idle and no longer changes. Its requests have to be observed from
 * their beginning: {@link goTo} does.
 * @throws Error if a request has not ended after 30 seconds
 */
export async function quiet(page: Page): Promise<void> {
  const requests = observeRequests(page);
  let before = -1;
  while (before !== requests.count || requests.pending.size > 0) {
    await until(() => requests.pending.size === 0);
    before = requests.count;
    await page.evaluate(waitForIdleFrames).catch((error: unknown) => {
      if (page.isClosed()) throw error;
      // The page has just navigated.
      before = -1;
    });
  }
}

/** Opens an address, and waits until the page is quiet. */
export async function goTo(page: Page, address: string): Promise<void> {
  observeRequests(page).pending.clear();
  await page.goto(address);
  await quiet(page);
}

/** Reloads a page, and waits until it is quiet. */
export async function reload(page: Page): Promise<void> {
  observeRequests(page).pending.clear();
  await page.reload();
  await quiet(page);
}
