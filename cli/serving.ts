/** Runs a server until it is told to stop. */
import { interruptible } from "./command.ts";

/** Milliseconds from the signal to a forced exit. Docker kills containers after ten seconds. */
const stopTimeout_ms = 9000;
/** Milliseconds before a forced exit once everything is closed, for connections that keep the process alive. */
const exitTimeout_ms = 500;

/** Starts a server, says where, and stops it at SIGTERM or Ctrl-C. */
export async function serveUntilSignal(start: () => Promise<{ url: string; stop(): Promise<void> }>): Promise<void> {
  const starting = interruptible();
  const served = await start();
  console.error(`serving at ${served.url}`);
  starting.release();
  const { signal } = interruptible(undefined, stopTimeout_ms);
  if (!starting.signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
  await served.stop();
  // Clients that never sent anything, or a store that does not close, would keep the process alive.
  setTimeout(() => process.exit(), exitTimeout_ms).unref();
}
