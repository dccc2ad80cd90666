/** The README's screenshots. */
import { join } from "node:path";
import type { Phase } from "@potstats/cli/progress";
import type { Samples } from "./addresses.ts";
import { type Photographer, show, type Theme } from "./photographer.ts";

/** The folder of the pictures, from the repository's root. */
export const picturesFolder = "docs/images";
/** The maximum size of a picture in bytes. */
export const maxSize = 150_000;

interface Picture {
  /** Its file in {@link picturesFolder} is `<name>.webp`. */
  name: string;
  address(samples: Samples): string;
  theme: Theme;
}

/** As in the demo. */
export const pictures: readonly Picture[] = [
  { name: "overview", address: () => "/", theme: "light" },
  { name: "search", address: () => `/search?q=${encodeURIComponent("Lüftern")}`, theme: "light" },
  { name: "user", address: ({ uids }) => `/users/${uids[0]}`, theme: "light" },
  { name: "network", address: () => "/network", theme: "dark" },
  { name: "days", address: ({ day }) => `/days?day=${day}`, theme: "dark" },
];

/** Sharp on dense screens, too. */
const look = { language: "en", width: 1280, height: 800, scale: 1.5 } as const;

/** Takes the pictures, in the best quality that fits the maximum size. */
export async function takePictures(
  photographer: Photographer,
  folder: string,
  progress: Phase,
  signal: AbortSignal,
): Promise<void> {
  progress.total(pictures.length);
  for (const { name, address, theme } of pictures) {
    signal.throwIfAborted();
    const page = await photographer.open(address(photographer.samples), look);
    await show(page, theme);
    await Bun.write(
      join(folder, `${name}.webp`),
      await compressed(name, (quality) => page.screenshot({ type: "webp", quality })),
    );
    await page.context().close();
    progress.add();
  }
}

async function compressed(name: string, take: (quality: number) => Promise<Buffer>): Promise<Buffer> {
  for (const quality of [90, 80, 70, 60, 50]) {
    const bytes = await take(quality);
    if (bytes.length <= maxSize) return bytes;
  }
  throw new Error(`the picture ${name} cannot be compressed to ${maxSize} bytes`);
}
