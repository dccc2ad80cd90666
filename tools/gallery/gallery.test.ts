/** `bun run gallery` as a developer calls it, and the README's pictures. */
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "@potstats/cli/testing/command";
import { hasBrowser } from "@potstats/pipeline/testing/browser";
import { pages } from "@potstats/web/pages";
import { viewsOf } from "./addresses.ts";
import { galleryHtml } from "./html.ts";
import { maxSize, pictures, picturesFolder } from "./readme.ts";
import { fileName, filePattern } from "./take.ts";

const folder = mkdtempSync(join(tmpdir(), "potstats-gallery-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** @param options separated by spaces */
const runGallery = (options: string, ...more: string[]) =>
  runCommand(["tools/gallery/main.ts", ...options.split(" "), ...more]);

/** Width and height of a PNG. */
const sizeOf = (png: Buffer) => [png.readUInt32BE(16), png.readUInt32BE(20)];

describe.skipIf(!hasBrowser)("with Chromium", () => {
  test("one page in one width: light and dark, German and English, in one HTML file", async () => {
    // Of an earlier gallery, and of somebody else.
    for (const name of ["old-page.360.dark.de.png", "holiday.png"]) writeFileSync(join(folder, name), "");
    const { stdout, stderr, exitCode } = await runGallery("--only privacy --width 360 --posts 1000 --out", folder);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining("✓ screenshots: 4 / 4 screenshots")]);
    expect(stdout).toContain("index.html");
    const files = ["light.de", "dark.de", "light.en", "dark.en"].map((look) => `privacy.360.${look}.png`);
    expect(readdirSync(folder).toSorted()).toEqual([...files, "holiday.png", "index.html"].toSorted());
    const html = readFileSync(join(folder, "index.html"), "utf8");
    expect([...html.matchAll(/<img src="([^"]+)"/g)].map(([, file]) => file)).toEqual(files);
    const pngs = files.map((file) => readFileSync(join(folder, file)));
    for (const png of pngs) {
      const [width = 0, height = 0] = sizeOf(png);
      expect(width).toBe(360);
      // The whole page, not only the window.
      expect(height).toBeGreaterThan(800);
      expect(png.length).toBeGreaterThan(20_000);
    }
    // Each look is different.
    expect(new Set(pngs.map((png) => Bun.hash(png))).size).toBe(4);
  }, 200_000);
});

test("a missing Chromium, an unknown page and an unknown width are explained", async () => {
  const [browser, page, width, help] = await Promise.all([
    runGallery("--browser /nowhere/chromium"),
    runGallery("--only serach"),
    runGallery("--width 42"),
    runGallery("--help"),
  ]);
  expect(browser.stderr).toContain("there is no Chromium at /nowhere/chromium: install it");
  expect(browser.exitCode).toBe(1);
  expect(page.stderr).toContain("must be one of overview, users, user,");
  expect(page.exitCode).toBe(2);
  expect(width.stderr).toContain("must be one of 360, 800, 1600");
  expect(help.stdout).toContain("bun run gallery --readme");
  expect(help.exitCode).toBe(0);
}, 60_000);

const samples = { uids: [7, 8, 9, 10, 11, 12], day: "2017-03-06", domain: "bilder.example", tids: [7, 8] };

test("the gallery has every page of the list, each view with a name and an address of its own", () => {
  const views = viewsOf(samples);
  expect(new Set(views.map(({ page }) => page))).toEqual(new Set([...pages.map(({ name }) => name), "missing"]));
  expect(views.map(({ address }) => address)).toContain("/users/7");
  expect(views.map(({ address }) => address)).toContain("/compare?uid=7&uid=8&uid=9");
  for (const key of ["address", "state"] as const)
    expect(new Set(views.map((view) => `${view.page} ${view[key]}`)).size).toBe(views.length);
  for (const view of views)
    expect(fileName({ ...view, width: 1600, theme: "dark", language: "en" })).toMatch(filePattern);
});

test("names and addresses are escaped in the gallery", () => {
  const html = galleryHtml([
    {
      page: "search",
      state: "",
      address: `/search?q="<b>"&a=b`,
      width: 360,
      theme: "dark",
      language: "de",
      file: "a.png",
    },
  ]);
  expect(html).toContain("/search?q=&quot;&lt;b&gt;&quot;&amp;a=b");
  expect(html).not.toContain("<b>&quot;");
});

describe("the README's pictures", () => {
  const root = join(import.meta.dirname, "../..");
  const shown = [...readFileSync(join(root, "README.md"), "utf8").matchAll(/!\[([^\]]+)\]\(([^)]+)\)/g)];

  test("are the five that `bun run gallery --readme` takes, each with a text for those who do not see it", () => {
    const files = pictures.map(({ name }) => `${picturesFolder}/${name}.webp`);
    expect(shown.map(([, , file]) => file).toSorted()).toEqual(files.toSorted());
    expect(files.length).toBe(5);
    expect(readdirSync(join(root, picturesFolder)).length).toBe(5);
    for (const [, description] of shown) expect(description?.length).toBeGreaterThan(20);
  });

  test.each(pictures.map(({ name }) => name))("%s is a small WebP picture", (name) => {
    const bytes = readFileSync(join(root, picturesFolder, `${name}.webp`));
    expect(bytes.toString("latin1", 8, 12)).toBe("WEBP");
    expect(bytes.length).toBeLessThanOrEqual(maxSize);
    expect(bytes.length).toBeGreaterThan(10_000);
  });

  test("are of views that exist", () => {
    const addresses = viewsOf(samples).map(({ address }) => address);
    for (const { address } of pictures) expect(addresses).toContain(address(samples));
  });
});
