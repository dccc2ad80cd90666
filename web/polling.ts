const refresh_ms = 5 * 60_000;
const retry_ms = 5000;

type Visibility = Pick<Document, "visibilityState" | "addEventListener" | "removeEventListener">;

/** How long to wait after a number of failures in a row: longer and longer, at most as long as after a success. */
export const delayAfter = (failures: number): number =>
  failures === 0 ? refresh_ms : Math.min(refresh_ms, retry_ms * 2 ** (failures - 1));

/**
 * Asks now, every few minutes, and soon again after a failure, but only while the page is visible. A page that becomes
 * visible asks once it is due.
 * @returns stops it
 */
export function poll(ask: () => Promise<unknown>, page: Visibility = document): () => void {
  let failures = 0;
  let due = 0;
  let isAsking = false;
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    clearTimeout(timer);
    if (!isAsking && !isStopped && page.visibilityState === "visible")
      timer = setTimeout(() => void run(), Math.max(0, due - Date.now()));
  };
  const run = async () => {
    isAsking = true;
    try {
      await ask();
      failures = 0;
    } catch {
      failures++;
    }
    isAsking = false;
    due = Date.now() + delayAfter(failures);
    wait();
  };
  page.addEventListener("visibilitychange", wait);
  void run();
  return () => {
    isStopped = true;
    clearTimeout(timer);
    page.removeEventListener("visibilitychange", wait);
  };
}
