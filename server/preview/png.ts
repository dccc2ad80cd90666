/** Turns SVG into PNG in a worker, which starts with the first picture and ends when none was needed for a while. */
import { Worker } from "node:worker_threads";

/** Milliseconds without a picture after which the worker ends, to free its 50 MB. */
const idle_ms = 60_000;
/** Milliseconds that a picture may take. */
const timeout_ms = 20_000;

interface Waiting {
  resolve(png: Uint8Array<ArrayBuffer>): void;
  reject(error: Error): void;
}

export type RenderPng = (svg: string) => Promise<Uint8Array<ArrayBuffer>>;

export function createPngRenderer(): { render: RenderPng; close(): void } {
  let worker: Worker | undefined;
  let idle: ReturnType<typeof setTimeout> | undefined;
  let count = 0;
  const waiting = new Map<number, Waiting>();

  function close(reason = "the renderer of pictures has ended"): void {
    clearTimeout(idle);
    void worker?.terminate();
    worker = undefined;
    for (const { reject } of waiting.values()) reject(new Error(reason));
    waiting.clear();
  }

  function start(): Worker {
    const started = new Worker(new URL("./png-worker.ts", import.meta.url));
    started.on("message", ({ id, png, error }: { id: number; png?: Uint8Array<ArrayBuffer>; error?: string }) => {
      const request = waiting.get(id);
      waiting.delete(id);
      if (png) request?.resolve(png);
      else request?.reject(new Error(error));
      if (waiting.size > 0) return;
      clearTimeout(idle);
      idle = setTimeout(close, idle_ms);
      idle.unref?.();
    });
    started.on("error", ({ message }: Error) => worker === started && close(message));
    return started;
  }

  return {
    close,
    render: (svg) => {
      clearTimeout(idle);
      worker ??= start();
      const id = count++;
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array<ArrayBuffer>>();
      // A picture that takes so long will not end any more.
      const limit = setTimeout(() => waiting.has(id) && close("a picture takes too long"), timeout_ms);
      waiting.set(id, { resolve, reject });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
      worker.postMessage({ id, svg });
      return promise.finally(() => clearTimeout(limit));
    },
  };
}
