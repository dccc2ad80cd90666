/** Restarts embedded services that die while the server runs. */

/** Milliseconds between checks. */
const interval_ms = 5000;

export interface WatchedService {
  /** Restarts the service if it has died. @returns its current address; undefined if the server did not start it */
  revive(): Promise<string | undefined>;
  /** Called when the service's address has changed. */
  onMoved(url: string): void;
}

/** Restarts a service whenever it dies. @returns a function that stops this, and waits for a running check */
export function watchService(
  { revive, onMoved }: WatchedService,
  url: string,
  say: (message: string) => void,
): () => Promise<void> {
  let address = url;
  let checking: Promise<void> | undefined;
  let lastMessage = "";
  const check = async () => {
    try {
      const current = await revive();
      lastMessage = "";
      if (current && current !== address) onMoved((address = current));
    } catch (error) {
      // The next check retries: the dead process may still hold its port or files for a moment.
      const message = error instanceof Error ? error.message : String(error);
      if (message !== lastMessage) say(message);
      lastMessage = message;
    }
  };
  const timer = setInterval(() => {
    checking ??= check().finally(() => (checking = undefined));
  }, interval_ms);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await checking;
  };
}
