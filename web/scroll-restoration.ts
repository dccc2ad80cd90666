/**
 * Back and forward return to where the reader was: position, open tables and focus belong to an entry of the history. Browser and router
 * scroll once, when the page has changed; an answer that arrives later finds the position cut off at the end of the skeleton.
 */
import { useBeforeLeave, useIsRouting } from "@solidjs/router";
import { createEffect, on } from "solid-js";
import { type Place, Places } from "./history-entries.ts";

const storageKey = "potstats-places";
/** Frames without a pending request after which no list asks for more rows. */
const quietFrames = 5;

const start: Place = { top: 0, lefts: [], opened: [], focused: undefined };
const places = new Places(stored());
let here = entry();
let returning: Place | undefined;
/** Pending requests. */
let pending = 0;

/** Storage may be blocked. */
function stored(): string | null {
  try {
    return sessionStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

/** The key of the current history entry. Older browsers only have the router's depth, which stops counting at 50. */
function entry(): string {
  const state = history.state as { _depth?: number } | null;
  return "navigation" in globalThis ? (navigation.currentEntry?.key ?? "") : String(state?._depth);
}

/** Whether a history entry is being restored: former answers may then be used instead of new ones. */
export const isReturning = (): boolean => returning !== undefined;

/** Registers a request after which the page will grow. */
export async function awaited<T>(promise: Promise<T>): Promise<T> {
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

/** Remembers the place, unless a former one is still being restored. */
function leave(): void {
  if (returning) return;
  const focused = document.activeElement;
  const name = focused ? nameOf(focused) : "";
  const nth = namesakes(name).indexOf(focused as HTMLElement);
  places.set(here, {
    top: window.scrollY,
    lefts: scrollBoxes().map(({ scrollLeft }) => scrollLeft),
    opened: tables().map(({ open }) => open),
    focused: name === "" || nth < 0 ? undefined : { name, nth },
  });
}

/** Goes to a place frame by frame, as far as the page has grown, until it stops growing or the reader acts. */
function restore(place: Place): void {
  returning = place;
  let quiet = 0;
  const step = () => {
    if (returning !== place) return;
    for (const [at, table] of tables().entries()) table.open = place.opened[at] ?? table.open;
    for (const [at, box] of scrollBoxes().entries()) box.scrollLeft = place.lefts[at] ?? box.scrollLeft;
    if (Math.abs(window.scrollY - place.top) > 1) window.scrollTo(0, place.top);
    const { focused } = place;
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
  leave();
  here = entry();
  const place = places.get(here);
  // A link to a part of the page makes an entry too; the browser has already scrolled there.
  if (place || location.hash === "") restore(place ?? start);
});

window.addEventListener("pagehide", () => {
  leave();
  try {
    sessionStorage.setItem(storageKey, places.text());
  } catch {
    // Storage may be blocked or full: the places are then lost on reload.
  }
});

/** Keys and buttons that go back or forward: they do not interrupt a restoration, so the place is not overwritten. */
const isNavigation = (event: Event) =>
  (event instanceof KeyboardEvent && (event.altKey || event.ctrlKey || event.metaKey)) ||
  (event instanceof PointerEvent && event.button > 2);

for (const act of ["wheel", "touchmove", "pointerdown", "keydown"]) {
  window.addEventListener(act, (event) => isNavigation(event) || (returning = undefined), {
    capture: true,
    passive: true,
  });
}

const [loaded] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
const before = loaded?.type === "navigate" ? undefined : places.get(here);
if (before) restore(before);

/** Remembers the place before a link is followed. Call it inside of the router. */
export function keepPlaces(): void {
  const isRouting = useIsRouting();
  useBeforeLeave(leave);
  createEffect(
    on(isRouting, () => {
      if (entry() === here) return;
      here = entry();
      returning = undefined;
    }),
  );
}
