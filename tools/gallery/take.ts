/** Takes the screenshots of a gallery. */
import { join } from "node:path";
import type { Phase } from "@potstats/cli/progress";
import type { View } from "./addresses.ts";
import { type Language, type Photographer, show, type Theme } from "./photographer.ts";

export const widths = [360, 800, 1600] as const;
export type Width = (typeof widths)[number];
const themes: readonly Theme[] = ["light", "dark"];
const languages: readonly Language[] = ["de", "en"];

/** Of usual screens: what sticks to the window looks as it does there. */
const heights: Record<Width, number> = { 360: 740, 800: 1100, 1600: 1000 };

export interface Shot extends View {
  width: Width;
  theme: Theme;
  language: Language;
  /** Its name in the gallery's folder. */
  file: string;
}

/** The name of a screenshot's file, such as `search-posts.360.dark.de.png`. */
export const fileName = ({ page, state, width, theme, language }: Omit<Shot, "file" | "address">): string =>
  `${[page, state].filter(Boolean).join("-")}.${width}.${theme}.${language}.png`;

/** Matches what {@link fileName} returns. */
export const filePattern = /^[a-z-]+\.\d+\.(light|dark)\.(de|en)\.png$/;

interface TakeOptions {
  views: readonly View[];
  widths: readonly Width[];
  folder: string;
  /** Tabs at a time. */
  tabs: number;
  progress: Phase;
  signal: AbortSignal;
}

/**
 * Photographs whole pages. Each is loaded once per width and language, and shown in both themes.
 * @returns the screenshots, in the order of the views
 * @throws AbortError when aborted meanwhile
 */
export async function takeShots(photographer: Photographer, options: TakeOptions): Promise<Shot[]> {
  const { views, folder, tabs, progress, signal } = options;
  const jobs = views.flatMap((view) =>
    options.widths.flatMap((width) => languages.map((language) => ({ view, width, language }))),
  );
  progress.total(jobs.length * themes.length);
  const taken: Shot[][] = [];
  const waiting = jobs.entries();
  const work = async () => {
    // All workers share this iterator.
    for (const [at, { view, width, language }] of waiting) {
      signal.throwIfAborted();
      progress.detail(view.address);
      const page = await photographer.open(view.address, { language, width, height: heights[width] });
      const shots: Shot[] = (taken[at] = []);
      for (const theme of themes) {
        const file = fileName({ ...view, width, theme, language });
        await show(page, theme);
        await page.screenshot({ path: join(folder, file), fullPage: true });
        shots.push({ ...view, width, theme, language, file });
        progress.add();
      }
      await page.context().close();
    }
  };
  await Promise.all(Array.from({ length: tabs }, work));
  return taken.flat();
}
