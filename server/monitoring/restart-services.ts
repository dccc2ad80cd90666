/** Restarts embedded services that die while the server runs. */

/** Milliseconds between two checks. */
const interval_ms = 5000;

export interface Revival {
  /** Restarts the service if it has died. @returns its address now; undefined if it is not ours to start */
  revive(): Promise<string | undefined>;
  /** Called when the address has changed. */
  onMoved(url: string): void;
}

/** Watches over a service. @returns stops watching, and waits for a check that is running */
export function watchService(
  { revive, onMoved }: Revival,
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
      // It is tried again: what the dead process left behind may take a moment to go.
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
