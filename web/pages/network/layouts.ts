// oxlint-disable unicorn/require-post-message-target-origin -- workers have no origin
/** Requests layouts from the worker, and keeps them for going back. */
import { t } from "../../i18n/index.ts";
import type { Layout, LayoutTask } from "./layout.ts";
import type { Network } from "./network.ts";

/** By answer of the API. */
const known = new WeakMap<object, Layout>();

/** A worker that is loading or waiting. */
let idle: Worker | undefined;

function startWorker(): Worker {
  const worker = new Worker(new URL("layout-worker.ts", import.meta.url), { type: "module" });
  // One that could not be loaded never answers.
  worker.addEventListener("error", () => {
    if (idle === worker) idle = undefined;
  });
  return worker;
}

/** Starts loading the worker, so that it is ready when the network has arrived. */
export function prepareLayouts(): void {
  idle ??= startWorker();
}

/**
 * The layout of a network, computed outside the page's thread.
 * @throws Error if the worker cannot be loaded
 */
export function layoutOf({ people, ties, center, source }: Network): Layout | Promise<Layout> {
  const former = known.get(source);
  if (former) return former;
  const worker = idle ?? startWorker();
  idle = undefined;
  return new Promise<Layout>((resolve, reject) => {
    const once = { once: true };
    worker.addEventListener("error", () => reject(new Error(t().codeMissing)), once);
    worker.addEventListener(
      "message",
      ({ data }: MessageEvent<Layout>) => {
        known.set(source, data);
        // The reader may have chosen another year meanwhile, for which a second worker has started.
        idle?.terminate();
        idle = worker;
        resolve(data);
      },
      once,
    );
    worker.postMessage({ ties, center, postCounts: people.map(({ post_count }) => post_count) } satisfies LayoutTask);
  });
}
