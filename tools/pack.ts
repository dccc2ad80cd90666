/** `bun run web:pack`: the built web application as a tarball for any web server, with a sample configuration for nginx. */
import { CommandError, run } from "@potstats/cli/command";
import { Command } from "@commander-js/extra-typings";
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { buildWeb } from "@potstats/pipeline/build-web";

const web = resolve(import.meta.dirname, "../web");

const program = new Command("bun run web:pack")
  .description("Builds the web application and packs it, with precompressed files and a sample nginx.conf.")
  .argument("[file]", "where to write", "potstats-web.tar.gz")
  .action(async (file: string) => {
    await buildWeb();
    const content = ["--directory", join(web, "dist"), ".", "--directory", web, "nginx.conf"];
    const tar = Bun.spawn(["tar", "--create", "--gzip", "--file", resolve(file), ...content], {
      stdio: ["ignore", "inherit", "inherit"],
    });
    if ((await tar.exited) !== 0) throw new CommandError(`${file} could not be written`);
    console.log(
      `${file}: ${Math.ceil((await stat(resolve(file))).size / 1024)} KiB; its nginx.conf shows how to serve it`,
    );
  });

await run(program);
