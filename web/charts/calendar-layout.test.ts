import { expect, test } from "bun:test";
import { formatsOf } from "../i18n/formats.ts";
import { type Names, yearLayout, yearsLayout, yearStrip } from "./calendar-layout.ts";
import { cellAfter, type Layout } from "./cells.ts";
import { hoursLayout } from "./hours-layout.ts";

const formats = formatsOf("de");
const names: Names = { month: formats.month, weekday: formats.shortWeekday };

const least = ({ cells }: Layout) => Math.min(...cells.flatMap(({ width, height }) => [width, height]));
const right = ({ cells }: Layout) => Math.max(...cells.map(({ x, width }) => x + width));
const after = (layout: Layout, key: string, pressed: string) => cellAfter(layout, key, pressed)?.key;

/** No two cells may overlap, and all are inside. */
function expectTidy(layout: Layout): void {
  const corners = layout.cells.map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`);
  expect(new Set(corners).size).toBe(layout.cells.length);
  expect(right(layout)).toBeLessThanOrEqual(layout.width);
  expect(Math.max(...layout.cells.map(({ y, height }) => y + height))).toBeLessThanOrEqual(layout.height);
}

test("a wide page shows a year as weeks side by side: down is the next day, right is a week later", () => {
  for (const year of [2012, 2015, 2016]) {
    const layout = yearLayout(year, 930, false, names);
    expectTidy(layout);
    expect(layout.cells.length).toBe(year === 2015 ? 365 : 366);
    expect(layout.width).toBeLessThanOrEqual(930);
    expect(layout.height).toBeLessThan(200);
  }
  const layout = yearLayout(2016, 930, false, names);
  expect(after(layout, "2016-05-03", "ArrowDown")).toBe("2016-05-04");
  expect(after(layout, "2016-05-03", "ArrowRight")).toBe("2016-05-10");
  expect(after(layout, "2016-12-31", "ArrowRight")).toBe(undefined);
});

test("narrow pages show a year as months with cells for a thumb: right is the next day, down is a week later", () => {
  for (const width of [240, 294, 400, 600, 730]) {
    for (const year of [2012, 2015, 2016]) {
      const layout = yearLayout(year, width, false, names);
      expectTidy(layout);
      if (width >= 294) expect(least(layout)).toBeGreaterThanOrEqual(24);
      expect(layout.width).toBeLessThanOrEqual(width);
    }
  }
  const layout = yearLayout(2016, 294, true, names);
  expect(after(layout, "2016-05-03", "ArrowRight")).toBe("2016-05-04");
  expect(after(layout, "2016-05-03", "ArrowDown")).toBe("2016-05-10");
  expect(after(layout, "2016-05-08", "ArrowRight")).toBe("2016-05-09");
  expect(after(layout, "2016-05-31", "ArrowRight")).toBe("2016-06-01");
  expect(layout.cells.find(({ key }) => key === "2016-02-29")?.text).toBe("29");
});

test("a thumb needs larger cells than a mouse", () => {
  expect(least(yearLayout(2016, 930, false, names))).toBeLessThan(24);
  expect(least(yearLayout(2016, 930, true, names))).toBeGreaterThanOrEqual(24);
});

test("the strip of a narrow page is wider than the page, with cells for a thumb", () => {
  const layout = yearStrip(2016, 294, true, names);
  expectTidy(layout);
  expect(layout.width).toBeGreaterThan(1000);
  expect(least(layout)).toBeGreaterThanOrEqual(24);
  expect(yearStrip(2016, 930, false, names).width).toBeLessThanOrEqual(930);
});

test("several years are stacked by day, or by month where days would be too small", () => {
  const wide = yearsLayout([2016, 2015], 930, false, names);
  expectTidy(wide);
  expect(wide.cells.length).toBe(366 + 365);
  expect(wide.labels.filter(({ year }) => year !== undefined).map(({ text }) => text)).toEqual(["2016", "2015"]);
  expect(after(wide, "2016-07-03", "ArrowDown")).toStartWith("2015-");
  for (const [width, rows] of [
    [294, 4],
    [500, 2],
  ] as const) {
    const narrow = yearsLayout([2016, 2015], width, true, names);
    expectTidy(narrow);
    expect(narrow.cells.map(({ key }) => key).slice(10, 14)).toEqual(["2016-11", "2016-12", "2015-01", "2015-02"]);
    expect(least(narrow)).toBeGreaterThanOrEqual(24);
    expect(new Set(narrow.cells.map(({ y }) => y)).size).toBe(rows);
  }
});

test("hours run to the right, or down on a narrow page, with cells for a thumb", () => {
  const wide = hoursLayout(930, true, names);
  const narrow = hoursLayout(294, true, names);
  for (const layout of [wide, narrow]) {
    expectTidy(layout);
    expect(layout.cells.length).toBe(7 * 24);
    expect(least(layout)).toBeGreaterThanOrEqual(24);
  }
  // A mouse hits smaller cells.
  expect(hoursLayout(600, true, names).height).toBeGreaterThan(hoursLayout(600, false, names).height);
  expect([after(wide, "0 13", "ArrowRight"), after(narrow, "0 13", "ArrowDown")]).toEqual(["0 14", "0 14"]);
  expect([after(wide, "0 13", "ArrowDown"), after(narrow, "0 13", "ArrowRight")]).toEqual(["1 13", "1 13"]);
});
