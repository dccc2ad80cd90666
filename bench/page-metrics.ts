/** Measurements that a page takes of itself. */

export interface Seen {
  /** First contentful paint. */
  painted_ms: number;
  /** When the last placeholder was replaced by content. */
  complete_ms: number;
  /** When the last observed event happened. */
  last_ms: number;
  longTasks: { end_ms: number; ms: number }[];
  /** Sum of all layout shifts. */
  shift: number;
}

declare global {
  interface Window {
    seen: Seen;
    /** Milliseconds from the last keystroke until its results (or their absence) were on the screen. */
    answered: Promise<number>;
  }
}

/** Runs in the page, before its own scripts. */
export function watch(): void {
  let key_ms = 0;
  const isIncomplete = () =>
    document.querySelector("main h1") === null || document.querySelector("main .skeleton, main .stale") !== null;
  const seen: Seen = (window.seen = {
    painted_ms: 0,
    complete_ms: 0,
    last_ms: 0,
    longTasks: [],
    shift: 0,
  });
  const observe = (type: string, note: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) note(entry);
      seen.last_ms = performance.now();
    }).observe({ type, buffered: true });
  observe("paint", (entry) => {
    if (entry.name === "first-contentful-paint") seen.painted_ms = entry.startTime;
  });
  observe("longtask", ({ startTime, duration }) => {
    seen.longTasks.push({ end_ms: startTime + duration, ms: duration });
  });
  observe("layout-shift", (entry) => (seen.shift += (entry as PerformanceEntry & { value: number }).value));
  addEventListener("keydown", (event) => (key_ms = event.timeStamp), true);
  addEventListener("input", () => {
    window.answered = new Promise((resolve) => {
      const check = () => {
        if (isIncomplete()) return void requestAnimationFrame(check);
        // When the next task runs, the frame that begins here has been painted.
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener("message", () => resolve(performance.now() - key_ms));
        port1.start();
        port2.postMessage(null);
      };
      requestAnimationFrame(check);
    });
  });
  let wasIncomplete = true;
  new MutationObserver(() => {
    const is = isIncomplete();
    if (wasIncomplete && !is) seen.complete_ms = seen.last_ms = performance.now();
    wasIncomplete = is;
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] });
}
