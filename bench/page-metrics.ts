/** Metrics that a page records of itself. */

export interface PageMetrics {
  /** First contentful paint. */
  painted_ms: number;
  /** The time at which content replaced the last placeholder. */
  complete_ms: number;
  /** The time of the last observed event. */
  last_ms: number;
  longTasks: { end_ms: number; ms: number }[];
  /** The sum of all layout shifts. */
  shift: number;
}

declare global {
  interface Window {
    metrics: PageMetrics;
    /** Milliseconds from the last keystroke until its results (or the message that there are none) were painted. */
    answered: Promise<number>;
  }
}

/** Records the metrics of a page. Runs in the page, before its own scripts. */
export function recordMetrics(): void {
  let key_ms = 0;
  const isIncomplete = () =>
    document.querySelector("main h1") === null || document.querySelector("main .skeleton, main .stale") !== null;
  const metrics: PageMetrics = (window.metrics = {
    painted_ms: 0,
    complete_ms: 0,
    last_ms: 0,
    longTasks: [],
    shift: 0,
  });
  const observe = (type: string, onEntry: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) onEntry(entry);
      metrics.last_ms = performance.now();
    }).observe({ type, buffered: true });
  observe("paint", (entry) => {
    if (entry.name === "first-contentful-paint") metrics.painted_ms = entry.startTime;
  });
  observe("longtask", ({ startTime, duration }) => {
    metrics.longTasks.push({ end_ms: startTime + duration, ms: duration });
  });
  observe("layout-shift", (entry) => (metrics.shift += (entry as PerformanceEntry & { value: number }).value));
  addEventListener("keydown", (event) => (key_ms = event.timeStamp), true);
  addEventListener("input", () => {
    window.answered = new Promise((resolve) => {
      const check = () => {
        if (isIncomplete()) return void requestAnimationFrame(check);
        // By the next task, the frame that begins here has been painted.
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
    const isStillIncomplete = isIncomplete();
    if (wasIncomplete && !isStillIncomplete) metrics.complete_ms = metrics.last_ms = performance.now();
    wasIncomplete = isStillIncomplete;
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] });
}
