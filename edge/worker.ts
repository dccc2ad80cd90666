/** The module that workerd runs, on Cloudflare or elsewhere. `bun run edge:build` bundles it, and makes lexicon.txt. */
import lexicon from "./lexicon.txt";
import { createWorker } from "./workers/worker.ts";

export default createWorker(lexicon);
