/** What a browser denies to pages from disk. */
// oxlint-disable-next-line import/default -- Vite makes it
import LayoutWorker from "../pages/network/layout-worker.ts?worker&inline";
import { respond } from "./responses.ts";

window.fetch = ((url: RequestInfo | URL) => respond(url instanceof Request ? url.url : String(url))) as typeof fetch;

const NativeWorker = window.Worker;

/** A script on disk cannot be the code of a worker: this one's code comes with the application. */
function InlineWorker(): Worker {
  // What Vite wraps around the code starts a worker by this name.
  window.Worker = NativeWorker;
  try {
    return new LayoutWorker();
  } finally {
    window.Worker = InlineWorker as unknown as typeof Worker;
  }
}

window.Worker = InlineWorker as unknown as typeof Worker;
