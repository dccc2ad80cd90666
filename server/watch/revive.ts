/** Embedded services that die while the server runs: it had started them, so it starts them again. */

/** Milliseconds between two looks: a service is back within a minute, the time that it takes to start included. */
const interval_ms = 5000;

export interface Reviving {
  /** Starts the service again if it died. @returns its address now; nothing where it is not ours to start */
  revive(): Promise<string | undefined>;
  /** Told when it is somewhere else than before. */
  onMoved(url: string): void;
}

/** Looks after a service. @returns ends that, and waits for what is going on */
export function keepAlive(
  { revive, onMoved }: Reviving,
  url: string,
  say: (message: string) => void,
): () => Promise<void> {
  let known = url;
  let looking: Promise<void> = Promise.resolve();
  let isLooking = false;
  let last = "";
  const look = async () => {
    isLooking = true;
    try {
      const now = await revive();
      last = "";
      if (now && now !== known) onMoved((known = now));
    } catch (error) {
      // It may need a moment until what the dead one left behind is gone.
      const message = error instanceof Error ? error.message : String(error);
      if (message !== last) say(message);
      last = message;
    } finally {
      isLooking = false;
    }
  };
  const timer = setInterval(() => {
    if (!isLooking) looking = look();
  }, interval_ms);
  timer.unref();
  return () => {
    clearInterval(timer);
    return looking;
  };
}
