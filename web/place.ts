/**
 * Back and forward lead to where one was: position, opened tables and focus belong to an entry of the history. The browser and the
 * router scroll once, when the page has changed; an answer that comes later finds the position cut off at the skeleton's end.
 */
import { useBeforeLeave, useIsRouting } from "@solidjs/router";
import { createEffect, on } from "solid-js";

interface Place {
  /** Pixels above the window. */
  top: number;
  /** Pixels left of each table's window, where it is wider than the page. */
  lefts: number[];
  /** Which of the page's tables are open. */
  opened: boolean[];
  focused: { name: string; nth: number } | undefined;
}

const storageKey = "potstats-places";
/** Places kept: browsers keep as many entries of a history. */
const most = 50;
/** Frames without a request after which no list asks for further rows. */
const quiet = 5;

const start: Place = { top: 0, lefts: [], opened: [], focused: undefined };
const places = stored();
let here = entry();
let returning: Place | undefined;
/** Requests under way. */
let waiting = 0;

function stored(): Map<string, Place> {
  try {
    return new Map(JSON.parse(sessionStorage.getItem(storageKey) ?? "[]") as [string, Place][]);
  } catch {
    return new Map();
  }
}

/** What tells entries of the history apart. Older browsers have the router's count only, which stands still at 50. */
function entry(): string {
  const state = history.state as { _depth?: number } | null;
  return "navigation" in globalThis ? (navigation.currentEntry?.key ?? "") : String(state?._depth);
}

/** Whether an entry of the history is being restored: what was known then is as good as an answer. */
export const isReturning = (): boolean => returning !== undefined;

/** Tells that the page will grow when something has come. */
export async function awaited<T>(promise: Promise<T>): Promise<T> {
  waiting += 1;
  try {
    return await promise;
  } finally {
    waiting -= 1;
  }
}

const nameOf = (element: Element) => element.getAttribute("href") ?? element.getAttribute("name") ?? "";
const namesakes = (name: string) =>
  [...document.querySelectorAll<HTMLElement>("#content a, #content input")].filter(
    (element) => nameOf(element) === name,
  );
const wide = () => [...document.querySelectorAll("#content .scroll")];
const tables = () => [...document.querySelectorAll("details")];

/** Notes where one is, unless one has not come to the place of before yet. */
function leave(): void {
  if (returning) return;
  const focused = document.activeElement;
  const name = focused ? nameOf(focused) : "";
  const nth = namesakes(name).indexOf(focused as HTMLElement);
  places.delete(here);
  places.set(here, {
    top: window.scrollY,
    lefts: wide().map(({ scrollLeft }) => scrollLeft),
    opened: tables().map(({ open }) => open),
    focused: name === "" || nth < 0 ? undefined : { name, nth },
  });
  for (const oldest of [...places.keys()].slice(0, -most)) places.delete(oldest);
}

/** Frame by frame: as far as the page goes now, until it does not grow any more or the reader acts. */
function restore(place: Place): void {
  returning = place;
  let quietFrames = 0;
  const step = () => {
    if (returning !== place) return;
    for (const [at, table] of tables().entries()) table.open = place.opened[at] ?? table.open;
    for (const [at, table] of wide().entries()) table.scrollLeft = place.lefts[at] ?? table.scrollLeft;
    if (Math.abs(window.scrollY - place.top) > 1) window.scrollTo(0, place.top);
    const { focused } = place;
    if (focused && document.activeElement === document.body)
      namesakes(focused.name)[focused.nth]?.focus({ preventScroll: true });
    quietFrames = waiting > 0 ? 0 : quietFrames + 1;
    if (quietFrames < quiet) requestAnimationFrame(step);
    else returning = undefined;
  };
  requestAnimationFrame(step);
}

history.scrollRestoration = "manual";

// Before the router's listener, which changes the page.
window.addEventListener("popstate", () => {
  leave();
  here = entry();
  const place = places.get(here);
  // A link to a part of the page makes an entry too, and the browser has scrolled there.
  if (place || location.hash === "") restore(place ?? start);
});

window.addEventListener("pagehide", () => {
  leave();
  try {
    sessionStorage.setItem(storageKey, JSON.stringify([...places]));
  } catch {
    // Not remembered then.
  }
});

/** Keys and buttons that go back or forward leave a page that has not been where it is to be. */
const isJourney = (event: Event) =>
  (event instanceof KeyboardEvent && (event.altKey || event.ctrlKey || event.metaKey)) ||
  (event instanceof PointerEvent && event.button > 2);

for (const act of ["wheel", "touchmove", "pointerdown", "keydown"]) {
  window.addEventListener(act, (event) => isJourney(event) || (returning = undefined), {
    capture: true,
    passive: true,
  });
}

const [loaded] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
const before = loaded?.type === "navigate" ? undefined : places.get(here);
if (before) restore(before);

/** Notes where one is before a link is followed. Inside the router. */
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
