/** Charts and tables saved as files. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { hasBrowser } from "./testing/browser.ts";
import { openSite, type Site } from "./testing/site.ts";
import { goTo } from "./testing/quiet.ts";

let site: Site;

/** Clicks a button that downloads a file. */
const saved = async (page: Page, button: string) => {
  // Chromium compresses pictures between frames; a page that stands still may have none for seconds.
  await page.evaluate(() => {
    const next = () => requestAnimationFrame(next);
    next();
  });
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator("main").getByRole("button", { name: button, exact: true }).first().click(),
  ]);
  return { name: download.suggestedFilename(), bytes: await Bun.file(await download.path()).bytes() };
};

/**
 * A picture's size, whether its corner has the card's background, and the number of pixels of each of the page's
 * colors.
 */
const analyzed = (page: Page, type: string, bytes: Uint8Array, colors: string[]) =>
  page.evaluate(
    async ([address, names]) => {
      const image = new Image();
      image.src = address;
      await image.decode();
      const { width, height } = image;
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      const pen = canvas.getContext("2d", { willReadFrequently: true })!;
      const pixels = (...area: [number, number]) => new Uint32Array(pen.getImageData(0, 0, ...area).data.buffer);
      pen.drawImage(image, 0, 0);
      const drawn = pixels(width, height);
      const probe = document.body.appendChild(document.createElement("i"));
      const pixelOf = (name: string) => {
        probe.style.color = `var(${name})`;
        pen.fillStyle = getComputedStyle(probe).color;
        pen.fillRect(0, 0, 1, 1);
        return pixels(1, 1)[0];
      };
      const wanted = names.map(pixelOf);
      const counts = wanted.map(() => 0);
      for (const pixel of drawn) {
        const at = wanted.indexOf(pixel);
        if (at >= 0) counts[at]!++;
      }
      return { width, height, onPaper: drawn[0] === pixelOf("--surface"), counts };
    },
    [`data:${type};base64,${Buffer.from(bytes).toString("base64")}`, colors] as const,
  );

describe.skipIf(!hasBrowser)("in a browser", () => {
  beforeAll(async () => {
    site = await openSite();
  }, 90_000);
  afterAll(() => site?.stop());

  for (const colorScheme of ["light", "dark"] as const) {
    test(`saved charts look like the charts on the page, ${colorScheme}`, async () => {
      for (const [path, colors] of [
        ["/years", ["--accent"]],
        ["/days?year=2016", ["--heat-1", "--heat-2", "--heat-4"]],
        [`/compare?uid=${site.uid}`, ["--line-1"]],
      ] as const) {
        await site.withPage(
          path,
          async (page) => {
            const chart = await page
              .locator("svg.chart")
              .first()
              .evaluate((svg) => {
                const { width, height } = (svg as SVGSVGElement).viewBox.baseVal;
                return { width, height };
              });
            const svg = await saved(page, "SVG");
            const png = await saved(page, "PNG");
            expect([svg.name, png.name].map((name) => name.replace(/^\w+(-2016)?/, ""))).toEqual([".svg", ".png"]);
            expect(Array.from(png.bytes.slice(0, 8))).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
            const drawing = await analyzed(page, "image/svg+xml", svg.bytes, [...colors]);
            const picture = await analyzed(page, "image/png", png.bytes, [...colors]);
            expect([picture.width, picture.height]).toEqual([2 * drawing.width, 2 * drawing.height]);
            expect(drawing.width).toBeGreaterThan(chart.width);
            expect(drawing.height).toBeGreaterThan(chart.height);
            for (const { onPaper, counts } of [drawing, picture]) {
              expect(onPaper).toBe(true);
              for (const count of counts) expect(count).toBeGreaterThan(100);
            }
            const text = new TextDecoder().decode(svg.bytes);
            expect(text).toContain(await page.locator("main .card h2").first().innerText());
            expect(text).toContain("· pOTstats");
          },
          { colorScheme },
        );
      }
    });
  }

  test("saved tables have the format of spreadsheets in the reader's language", async () => {
    for (const [lang, header] of [
      ["de", "year;post_count;active_users"],
      ["en", "year,post_count,active_users"],
    ] as const) {
      await site.withPage(`/years?lang=${lang}`, async (page) => {
        const { name, bytes } = await saved(page, "CSV");
        expect(name).toBe("years.csv");
        expect(Array.from(bytes.slice(0, 3))).toEqual([0xef, 0xbb, 0xbf]);
        expect(new TextDecoder().decode(bytes)).toStartWith(header);
        await goTo(page, `${site.url}/boards`);
        const href = await page.locator("a[download]").getAttribute("href");
        expect(href).toBe(`/api/boards?csv=excel&lang=${lang}`);
      });
    }
  });

  test("a saved chart shows its subject and the selection", async () => {
    const { rows } = (await (await fetch(`${site.url}/api/poster-stats?limit=1`)).json()) as {
      rows: { User: { name: string } }[];
    };
    const name = rows[0]!.User.name;
    const linesOf = async (path: string) => {
      let text: string[] = [];
      await site.withPage(path, async (page) => {
        const { bytes } = await saved(page, "SVG");
        text = await page.evaluate(
          (svg) =>
            [...new DOMParser().parseFromString(svg, "image/svg+xml").querySelectorAll("svg > text")].map(
              (line) => line.textContent ?? "",
            ),
          new TextDecoder().decode(bytes),
        );
      });
      return text;
    };
    expect((await linesOf("/weekdays?year=2016&bid=14&lang=en")).slice(0, 2)).toEqual([
      "Posts by weekday",
      expect.stringMatching(/^Weekdays · 2016 · .+ · pOTstats$/),
    ]);
    expect((await linesOf(`/users/${site.uid}?year=2016`)).slice(0, 2)).toEqual([
      "Posts nach Jahr",
      `${name} · pOTstats`,
    ]);
    expect((await linesOf(`/compare?uid=${site.uid}`)).slice(0, 3)).toEqual([
      "Posts nach Jahr",
      "Vergleich · pOTstats",
      name,
    ]);
  });

  test("the network can be saved as a picture", async () => {
    await site.withPage(
      "/network",
      async (page) => {
        const { name, bytes } = await saved(page, "PNG");
        expect(name).toBe("network.png");
        const { width, height, onPaper, counts } = await analyzed(page, "image/png", bytes, ["--circle-1"]);
        const box = (await page.locator(".network").boundingBox())!;
        expect(width).toBeGreaterThan(2 * box.width);
        expect(height).toBeGreaterThan(2 * box.height);
        expect(onPaper).toBe(true);
        expect(counts[0]).toBeGreaterThan(100);
      },
      { reducedMotion: "reduce" },
    );
  });
});
