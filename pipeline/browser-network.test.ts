/** The network of quotes in a real browser: picture, keyboard, touch, and the table that follows. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { violations } from "./testing/accessibility.ts";
import { hasBrowser } from "./testing/browser.ts";
import { openSite, type Site } from "./testing/site.ts";

interface Network {
  users: { User: { uid: number; name: string }; post_count: number }[];
  edges: { from: number; to: number; count: number }[];
}

let site: Site;
/** Everyone's network. */
let everyone: Network;

const network = async (query: string) => (await (await fetch(`${site.url}/api/network?${query}`)).json()) as Network;
const nameOf = ({ users }: Network, uid: number) =>
  users.find(({ User }) => User.uid === uid)!.User.name.replaceAll(/\s+/g, " ");
/** Edges of a user, without quotes of themselves. */
const edgesOf = ({ edges }: Network, uid: number) =>
  edges.filter(({ from, to }) => from !== to && [from, to].includes(uid));
/** Users whom an edge joins to someone else, most posts first. */
const joined = (shown: Network) => shown.users.filter(({ User }) => edgesOf(shown, User.uid).length > 0);

/** The picture in gray, reduced: what antialiasing changes is not seen. Waits until it does not change any more. */
async function picture(page: Page, before: number[] = []): Promise<number[]> {
  await page.locator("main button:enabled", { hasText: "PNG" }).waitFor();
  await page.waitForTimeout(150);
  const now = await page.locator(".network canvas").evaluate((canvas) => {
    const [width, height] = [96, 64];
    const small = Object.assign(document.createElement("canvas"), { width, height });
    const pen = small.getContext("2d", { willReadFrequently: true })!;
    pen.fillStyle = "white";
    pen.fillRect(0, 0, width, height);
    pen.drawImage(canvas as HTMLCanvasElement, 0, 0, width, height);
    const { data } = pen.getImageData(0, 0, width, height);
    return Array.from(
      { length: width * height },
      (_, at) => (data[4 * at]! + data[4 * at + 1]! + data[4 * at + 2]!) / 3,
    );
  });
  return difference(now, before) < same ? now : picture(page, now);
}

/** Mean difference of two pictures, from 0 to 255. */
const difference = (a: number[], b: number[]) =>
  a.length === b.length ? a.reduce((sum, gray, at) => sum + Math.abs(gray - b[at]!), 0) / a.length : 255;
/** Pictures that differ by less are the same, and by more than `changed` they are not. */
const same = 0.2;
const changed = 1;

/** How much is drawn: the mean darkness. */
const darkness = (grays: number[]) =>
  difference(
    grays,
    grays.map(() => 255),
  );

const readout = (page: Page) => page.locator(".network-readout [role=status]");
const rows = (page: Page) => page.locator("main tbody tr");
const parameter = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);

describe.skipIf(!hasBrowser)("the network", () => {
  beforeAll(async () => {
    site = await openSite();
    everyone = await network("limit=1500");
  }, 90_000);
  afterAll(() => site?.stop());

  test("a higher threshold hides ties in the picture and in the table", async () => {
    await site.withPage("/network", async (page) => {
      const slider = page.getByRole("slider");
      const before = await picture(page);
      expect(await slider.getAttribute("aria-valuetext")).toBe("mindestens einmal");
      await slider.press("ArrowRight");
      expect(await slider.getAttribute("aria-valuetext")).toBe("mindestens 2-mal");
      await page.waitForURL(/from=2/);
      const less = await picture(page);
      expect(difference(less, before)).toBeGreaterThan(changed);
      await slider.press("End");
      await page.waitForURL((url) => url.searchParams.get("from") === String(everyone.edges[0]!.count));
      expect(darkness(await picture(page))).toBeLessThan(darkness(before) / 3);
      const strongest = everyone.edges.filter(({ count }) => count === everyone.edges[0]!.count);
      expect(await rows(page).count()).toBe(strongest.length);
    });
  });

  test("keys walk through the users, most posts first; readout, URL and table follow", async () => {
    await site.withPage("/network?lang=en", async (page) => {
      const users = joined(everyone);
      await page.locator(".network").focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      const { User, post_count } = users[1]!;
      await page.waitForURL((url) => url.searchParams.get("selected") === String(User.uid));
      expect(await readout(page).innerText()).toContain(
        `${nameOf(everyone, User.uid)}: ${post_count.toLocaleString("en")} posts. `,
      );
      const own = edgesOf(everyone, User.uid);
      expect(await page.locator("main h2").innerText()).toBe(`Quotes by and of ${nameOf(everyone, User.uid)}`);
      expect(await rows(page).count()).toBe(Math.min(100, own.length));
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("ArrowUp");
      const last = users.at(-1)!.User.uid;
      await page.waitForURL((url) => url.searchParams.get("selected") === String(last));
      await page.keyboard.press("Escape");
      await page.waitForURL((url) => !url.searchParams.has("selected"));
      expect(await readout(page).innerText()).toBe("Nobody selected.");
    });
  });

  test("the URL restores year, threshold, selection and picture, for others and after going back", async () => {
    const { edges } = await network("year=2016&limit=1500");
    const uid = edges.find(({ from, to }) => from !== to)!.from;
    await site.withPage("/network?year=2016", async (page) => {
      const box = page.getByRole("combobox", { name: "Nutzer finden" });
      await box.fill(nameOf(everyone, uid).slice(0, 3));
      await page.getByRole("option", { name: nameOf(everyone, uid) }).click();
      await page.waitForURL((url) => url.searchParams.get("selected") === String(uid));
      await page.getByRole("slider").press("ArrowRight");
      await page.waitForURL(/from=\d/);
      await page.mouse.move(0, 0);
      const state = async (at: Page) => ({ picture: await picture(at), text: await at.innerText("main") });
      const left = await state(page);
      const address = page.url();
      await page.locator("footer a[href='/imprint']").click();
      await page.waitForURL(/imprint/);
      await page.goBack();
      expect((await state(page)).text).toBe(left.text);
      expect(difference((await state(page)).picture, left.picture)).toBeLessThan(same);
      await site.withPage(address.slice(site.url.length), async (other) => {
        expect((await state(other)).text).toBe(left.text);
        expect(difference((await state(other)).picture, left.picture)).toBeLessThan(same);
      });
    });
  });

  test("around a user are the user's partners and the quotes among them; Escape leads back", async () => {
    const { uid } = joined(everyone)[0]!.User;
    const around = await network(`uid=${uid}&limit=1500`);
    await site.withPage("/network", async (page) => {
      const whole = await picture(page);
      await page.locator(".network").focus();
      await page.keyboard.press("ArrowRight");
      await page.waitForURL(/selected=/);
      await page.keyboard.press("Enter");
      await page.waitForURL((url) => url.searchParams.get("uid") === String(uid) && !url.searchParams.has("selected"));
      await page.locator("h1", { hasText: `Umfeld von ${nameOf(around, uid)}` }).waitFor();
      expect(await page.locator(".network").getAttribute("aria-label")).toStartWith(`${around.users.length} Nutzer`);
      expect(await rows(page).count()).toBe(
        Math.min(100, around.edges.filter(({ from, to }) => [from, to].includes(uid)).length),
      );
      expect(difference(await picture(page), whole)).toBeGreaterThan(changed);
      // The keys go on in the new picture: first the user, then the partner with the most quotes in common.
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      await page.waitForURL((url) => ![null, String(uid)].includes(url.searchParams.get("selected")));
      const partner = Number(parameter(page, "selected"));
      const common = (other: number) =>
        edgesOf(around, other)
          .filter(({ from, to }) => [from, to].includes(uid))
          .reduce((sum, { count }) => sum + count, 0);
      expect(common(partner)).toBe(
        Math.max(...around.users.map(({ User }) => (User.uid === uid ? 0 : common(User.uid)))),
      );
      expect(await readout(page).innerText()).toMatch(/Zitiert .+ \d+-mal und wird \d+-mal zitiert\./);
      await page.keyboard.press("Escape");
      await page.waitForURL((url) => !url.searchParams.has("selected"));
      await page.keyboard.press("Escape");
      await page.waitForURL((url) => !url.searchParams.has("uid"));
      await page.locator("h1", { hasText: "Wer zitiert wen?" }).waitFor();
    });
  });

  test("circles are named by their busiest members, and can be selected", async () => {
    await site.withPage("/network", async (page) => {
      const before = await picture(page);
      const circle = page.locator(".network-circles button").first();
      const names = (await circle.locator("> span").innerText()).split(/, | und /);
      const posts = names
        .slice(0, 3)
        .map((name) => everyone.users.findIndex(({ User }) => nameOf(everyone, User.uid) === name));
      expect(posts).toEqual(posts.toSorted((a, b) => a - b));
      expect(posts[0]).toBeGreaterThanOrEqual(0);
      await circle.click();
      await page.waitForURL(/circle=\d+/);
      expect(await circle.getAttribute("aria-pressed")).toBe("true");
      expect(await page.locator("main h2").innerText()).toBe("Zitate in dieser Gruppe");
      expect(difference(await picture(page), before)).toBeGreaterThan(changed);
      await circle.click();
      await page.waitForURL((url) => !url.searchParams.has("circle"));
      expect(difference(await picture(page), before)).toBeLessThan(same);
    });
  });

  test("on a phone a tap selects, two fingers zoom, and the words are about fingers", async () => {
    await site.withPage(
      "/network",
      async (page) => {
        const before = await picture(page);
        expect(await page.locator("#content .hint").first().innerText()).toContain("zwei Finger");
        expect(await page.locator("#content .hint").first().innerText()).not.toContain("Mausrad");
        const center = async () => {
          const frame = (await page.locator(".network").boundingBox())!;
          return [frame.x + frame.width / 2, frame.y + frame.height / 2] as const;
        };
        const [x, y] = await center();
        const cdp = await page.context().newCDPSession(page);
        const touch = (type: "touchStart" | "touchMove" | "touchEnd", ...xs: number[]) =>
          cdp.send("Input.dispatchTouchEvent", { type, touchPoints: xs.map((at, id) => ({ x: at, y, id })) });
        await touch("touchStart", x - 20, x + 20);
        for (const distance of [30, 50, 80]) await touch("touchMove", x - distance, x + distance);
        await touch("touchEnd");
        expect(difference(await picture(page), before)).toBeGreaterThan(changed);
        await page.getByRole("button", { name: "Alles zeigen" }).click();
        expect(difference(await picture(page), before)).toBeLessThan(same);
        // The click has scrolled to its button.
        await page.touchscreen.tap(...(await center()));
        await page.waitForURL(/selected=\d+/);
        await page.getByRole("button", { name: "Auswahl aufheben" }).click();
        await page.waitForURL((url) => !url.searchParams.has("selected"));
        expect(difference(await picture(page), before)).toBeLessThan(same);
      },
      { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
    );
  });

  test("blocks the page's thread for at most half a second, on a machine of a quarter of the speed", async () => {
    const { page } = await site.firstPage();
    const browser = page.context().browser()!;
    await browser.startTracing(page, { categories: ["toplevel", "loading", "devtools.timeline"] });
    await page.goto(`${site.url}/network`);
    await picture(page);
    const trace = JSON.parse((await browser.stopTracing()).toString()) as {
      traceEvents: { name: string; pid: number; tid: number; ts: number; dur?: number; tdur?: number }[];
    };
    const painted = trace.traceEvents.findLast(({ name }) => name === "firstContentfulPaint")!;
    // CPU time, so that it does not matter how busy the machine is.
    const tasks = trace.traceEvents.filter(
      ({ name, pid, tid, ts, dur = 0 }) =>
        name === "ThreadControllerImpl::RunTask" && pid === painted.pid && tid === painted.tid && ts + dur > painted.ts,
    );
    expect(tasks.length).toBeGreaterThan(10);
    const blocked_ms = tasks.reduce((sum, { tdur = 0 }) => sum + Math.max(0, (4 * tdur) / 1000 - 50), 0);
    expect(blocked_ms).toBeLessThan(500);
    await page.close();
  });

  test("without the worker there is an error in place of the picture; the table works", async () => {
    const { page } = await site.newPage();
    await page.route(/layout-worker/, (route) => route.fulfill({ status: 404, body: "" }));
    await page.goto(`${site.url}/network`);
    await page.locator("main [role=alert]").waitFor();
    expect(await rows(page).count()).toBe(100);
    await page.unrouteAll();
    await page.locator("main [role=alert] button").click();
    await picture(page);
    expect(await page.locator("main [role=alert]").count()).toBe(0);
    await page.close();
  });

  test("with a selection it is accessible, and fits 360 pixels", async () => {
    const { uid } = joined(everyone)[0]!.User;
    await site.withPage(
      `/network?uid=${uid}&selected=${uid}`,
      async (page) => {
        expect(await violations(page)).toEqual([]);
        await page.setViewportSize({ width: 360, height: 740 });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      },
      { bypassCSP: true },
    );
  });
});
