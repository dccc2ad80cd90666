/**
 * Restores scroll positions, open tables and focus when the reader goes back or forward. Browser and router scroll only
 * once, when the page changes; until the responses have arrived, the page is too short for the former position.
 */
import { useBeforeLeave, useIsRouting } from "@solidjs/router";
import { createEffect, on } from "solid-js";
import { type PageState, HistoryEntries } from "./history-entries.ts";

const storageKey = "potstats-places";
/** After this many frames without a pending request, no list requests more rows. */
const quietFrames = 5;

const start: PageState = { top: 0, lefts: [], opened: [], focused: undefined };
const entries = new HistoryEntries(stored());
let entryKey = currentEntryKey();
let returning: PageState | undefined;
/** Number of pending requests. */
let pending = 0;

/** The entries of an earlier page load; null if there are none or storage is blocked. */
function stored(): string | null {
  try {
    return sessionStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

/** The key of the current history entry. Older browsers only have the router's depth, which stops counting at 50. */
function currentEntryKey(): string {
  const state = history.state as { _depth?: number } | null;
  return "navigation" in globalThis ? (navigation.currentEntry?.key ?? "") : String(state?._depth);
}

/** Whether a history entry is being restored. Then kept responses may be used instead of new ones. */
export const isReturning = (): boolean => returning !== undefined;

/** The address of the link that had the focus when the reader left the entry that is being restored. */
export const formerFocus = (): string | undefined => returning?.focused?.name;

/** Tracks a request whose response will make the page grow. */
export async function trackRequest<T>(promise: Promise<T>): Promise<T> {
  pending += 1;
  try {
    return await promise;
  } finally {
    pending -= 1;
  }
}

const nameOf = (element: Element) => element.getAttribute("href") ?? element.getAttribute("name") ?? "";
const namesakes = (name: string) =>
  [...document.querySelectorAll<HTMLElement>("#content a, #content input")].filter(
    (element) => nameOf(element) === name,
  );
const scrollBoxes = () => [...document.querySelectorAll("#content .scroll")];
const tables = () => [...document.querySelectorAll("details")];

/** Saves the state of the page, unless a former one is still being restored. */
function saveState(): void {
  if (returning) return;
  const focused = document.activeElement;
  const name = focused ? nameOf(focused) : "";
  const nth = namesakes(name).indexOf(focused as HTMLElement);
  entries.set(entryKey, {
    top: window.scrollY,
    lefts: scrollBoxes().map(({ scrollLeft }) => scrollLeft),
    opened: tables().map(({ open }) => open),
    focused: name === "" || nth < 0 ? undefined : { name, nth },
  });
}

/** Restores a state in each frame while the page grows, until it stops growing or the reader interacts with it. */
function restore(state: PageState): void {
  returning = state;
  let quiet = 0;
  const step = () => {
    if (returning !== state) return;
    for (const [at, table] of tables().entries()) table.open = state.opened[at] ?? table.open;
    for (const [at, box] of scrollBoxes().entries()) box.scrollLeft = state.lefts[at] ?? box.scrollLeft;
    if (Math.abs(window.scrollY - state.top) > 1) window.scrollTo(0, state.top);
    const { focused } = state;
    if (focused && document.activeElement === document.body)
      namesakes(focused.name)[focused.nth]?.focus({ preventScroll: true });
    quiet = pending > 0 ? 0 : quiet + 1;
    if (quiet < quietFrames) requestAnimationFrame(step);
    else returning = undefined;
  };
  requestAnimationFrame(step);
}

history.scrollRestoration = "manual";

// Registered before the router's listener, which changes the page.
window.addEventListener("popstate", () => {
  saveState();
  entryKey = currentEntryKey();
  const state = entries.get(entryKey);
  // A link to a part of the page creates an entry, too, but there the browser has already scrolled.
  if (state || location.hash === "") restore(state ?? start);
});

window.addEventListener("pagehide", () => {
  saveState();
  try {
    sessionStorage.setItem(storageKey, entries.text());
  } catch {
    // Storage may be blocked or full: the states are then lost on reload.
  }
});

/**
 * Keys and buttons that go back or forward. They do not interrupt a restoration, which would overwrite the saved state.
 */
const isNavigation = (event: Event) =>
  (event instanceof KeyboardEvent && (event.altKey || event.ctrlKey || event.metaKey)) ||
  (event instanceof PointerEvent && event.button > 2);

for (const interaction of ["wheel", "touchmove", "pointerdown", "keydown"]) {
  window.addEventListener(interaction, (event) => isNavigation(event) || (returning = undefined), {
    capture: true,
    passive: true,
  });
}

const [loaded] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
const before = loaded?.type === "navigate" ? undefined : entries.get(entryKey);
if (before) restore(before);

/** Saves the state of the page before a link is followed. Must be called inside the router. */
export function useScrollRestoration(): void {
  const isRouting = useIsRouting();
  useBeforeLeave(saveState);
  createEffect(
    on(isRouting, () => {
      if (currentEntryKey() === entryKey) return;
      entryKey = currentEntryKey();
      returning = undefined;
    }),
  );
}
