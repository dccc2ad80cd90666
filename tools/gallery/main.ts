/** `bun run gallery`: screenshots of all pages in one HTML page, for people who change styles; and those of the README. */
import { existsSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { whole } from "@potstats/cli/arguments";
import { CommandError, interruptible, run } from "@potstats/cli/command";
import { openProgress } from "@potstats/cli/progress";
import { executablePath } from "@potstats/pipeline/testing/browser";
import { pageNames, viewsOf } from "./addresses.ts";
import { galleryHtml } from "./html.ts";
import { openPhotographer, type Photographer } from "./photographer.ts";
import { picturesFolder, takePictures } from "./readme.ts";
import { filePattern, takeShots, type Width, widths } from "./take.ts";

const root = resolve(import.meta.dirname, "../..");

/** Time to stop browser and server after Ctrl-C. */
const stopping_ms = 20_000;

function pageName(text: string, previous: string[] = []): string[] {
  if (!pageNames.includes(text)) throw new InvalidArgumentError(`must be one of ${pageNames.join(", ")}`);
  return [...previous, text];
}

function width(text: string, previous: Width[] = []): Width[] {
  const found = widths.find((known) => String(known) === text);
  if (!found) throw new InvalidArgumentError(`must be one of ${widths.join(", ")}`);
  return [...previous, found];
}

const program = new Command("bun run gallery")
  .description("Makes screenshots of all pages: three widths, light and dark, German and English, in one HTML page.")
  .option("--only <page>", "only this page, named like its folder in web/pages/; repeatable", pageName)
  .option("--width <pixels>", `only this width (${widths.join(", ")}); repeatable`, width)
  .option("--out <folder>", "where to write index.html and the screenshots", "gallery")
  .option("--readme", `instead: the README's screenshots, in ${picturesFolder}`)
  .option("--posts <number>", "size of the simulated forum", whole(1000, 1_000_000), 20_000)
  .option("--browser <path>", "Chromium's program", executablePath)
  .addHelpText(
    "after",
    `
Starts a server of its own on a simulated forum. All pages takes some minutes, one page less than one.
The clock is fixed, so screenshots change only if the code does.

Examples:
  bun run gallery
  bun run gallery --only search --only compare --width 360
  bun run gallery --readme`,
  )
  .action(async (options) => {
    if (!existsSync(options.browser))
      throw new CommandError(
        `there is no Chromium at ${options.browser}: install it (Debian: apt-get install chromium), or set --browser`,
      );
    const { signal, release } = interruptible(undefined, stopping_ms);
    const progress = openProgress();
    try {
      const opening = progress.phase("simulated forum");
      const photographer = await openPhotographer(options.posts, options.browser, signal);
      opening.done();
      try {
        const phase = progress.phase("screenshots", { unit: "screenshots" });
        if (options.readme) await takePictures(photographer, join(root, picturesFolder), phase, signal);
        else await makeGallery(photographer, { ...options, phase, signal });
        phase.done();
      } finally {
        await photographer.close();
      }
    } catch (error) {
      // What was interrupted fails in various ways.
      signal.throwIfAborted();
      throw error;
    } finally {
      progress.close();
      release();
    }
    console.log(options.readme ? `${picturesFolder}/` : relative(process.cwd(), join(options.out, "index.html")));
  });

interface GalleryOptions {
  only?: string[] | undefined;
  width?: Width[] | undefined;
  out: string;
  phase: Parameters<typeof takePictures>[2];
  signal: AbortSignal;
}

async function makeGallery(photographer: Photographer, { only, width: chosen, out, phase, signal }: GalleryOptions) {
  await mkdir(out, { recursive: true });
  for (const file of await readdir(out)) if (filePattern.test(file)) await rm(join(out, file));
  const shots = await takeShots(photographer, {
    views: viewsOf(photographer.samples).filter(({ page }) => !only || only.includes(page)),
    widths: chosen ?? widths,
    folder: out,
    tabs: Math.min(8, navigator.hardwareConcurrency),
    progress: phase,
    signal,
  });
  await writeFile(join(out, "index.html"), galleryHtml(shots));
}

await run(program);
