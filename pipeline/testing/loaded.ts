/** For browser tests: opens addresses, and waits until the page has loaded what it needs. */
import type { Page, Request } from "playwright-core";

/**
 * How long nothing may be requested: the thread of a page that has nothing to do either will not go on by itself.
 * Playwright's "networkidle" looks at requests only, and waits for half a second.
 */
const quiet_ms = 150;
const timeout_ms = 30_000;

interface Traffic {
  pending: Set<Request>;
  /** When a request last began or ended. */
  last_ms: number;
}

const traffic = new WeakMap<Page, Traffic>();

/** Watches the requests of a page that has no address yet. */
export function watchRequests(page: Page): void {
  const state: Traffic = { pending: new Set(), last_ms: performance.now() };
  traffic.set(page, state);
  page.on("request", (request) => {
    // A new document: what the former one waited for does not matter any more.
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) state.pending.clear();
    state.pending.add(request);
    state.last_ms = performance.now();
  });
  const end = (request: Request) => {
    state.pending.delete(request);
    state.last_ms = performance.now();
  };
  page.on("requestfinished", end);
  page.on("requestfailed", end);
}

/** Waits until nothing is requested any more, and the page's thread is idle. @throws Error on timeout */
export async function loaded(page: Page): Promise<void> {
  const state = traffic.get(page);
  if (!state) throw new Error("the requests of this page are not watched");
  const end_ms = performance.now() + timeout_ms;
  while (performance.now() < end_ms) {
    // The document may be replaced meanwhile.
    const isIdle = await page
      .evaluate(() => new Promise<boolean>((resolve) => requestIdleCallback(() => resolve(true))))
      .catch(() => false);
    const rest_ms = state.last_ms + quiet_ms - performance.now();
    if (isIdle && state.pending.size === 0 && rest_ms <= 0) return;
    await Bun.sleep(Math.max(10, Math.min(rest_ms, quiet_ms)));
  }
  throw new Error(`still requested: ${[...state.pending].map((request) => request.url()).join(", ")}`);
}

/** Opens an address, and waits until it has loaded. */
export async function goto(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await loaded(page);
}

/** Reloads a page, and waits until it has loaded. */
export async function reload(page: Page): Promise<void> {
  await page.reload();
  await loaded(page);
}
