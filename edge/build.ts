/** `bun run edge:build`: bundles the Worker that wrangler.toml and workerd.capnp name. */
import { join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { run } from "@potstats/cli/command";
import { buildWeb } from "@potstats/pipeline/build-web";
import { buildWorker } from "./workers/build.ts";

await run(
  new Command("bun run edge:build")
    .description(
      "Bundles the Worker, with the web application, into edge/dist; wrangler.toml and workerd.capnp use it.",
    )
    .action(async () => {
      await buildWeb();
      await buildWorker(join(import.meta.dirname, "dist"), join(import.meta.dirname, "../web/dist"));
    }),
);
