// oxlint-disable unicorn/require-post-message-target-origin -- workers have no origin
/** Computes layouts in a thread of its own: they take up to a second on a slow machine. */
import { layOut, type LayoutTask } from "./layout.ts";

addEventListener("message", ({ data }: MessageEvent<LayoutTask>) => postMessage(layOut(data)));
