import { expect, test } from "bun:test";
import { indexOf, lifeOf, type Period } from "./periods.ts";

/** Consecutive days, each with one post by the second of two users. */
const days = (from: string, count: number): Period[] =>
  Array.from({ length: count }, (_, at) => ({
    from: new Date(Date.parse(from) + at * 86_400_000).toISOString().slice(0, 10),
    post_count: 1,
    users: [0, 1],
  }));

/** Consecutive months, each with two posts. */
const months = (year: number, count: number): Period[] =>
  Array.from({ length: count }, (_, at) => ({
    from: new Date(Date.UTC(year, at, 1)).toISOString().slice(0, 10),
    post_count: 2,
    users: [1],
  }));

test("a short life is shown in days, a longer one in weeks, months, quarters or years", () => {
  const unitOf = (...life: Parameters<typeof lifeOf>) => lifeOf(...life).unit;
  expect(unitOf("day", days("2012-02-01", 72))).toBe("day");
  expect(unitOf("day", days("2012-02-01", 73))).toBe("week");
  expect(unitOf("day", days("2012-02-01", 399))).toBe("week");
  expect(unitOf("month", months(2005, 72))).toBe("month");
  expect(unitOf("month", months(2005, 73))).toBe("quarter");
  expect(unitOf("month", months(2005, 220))).toBe("year");
});

test("weeks begin on Monday, over New Year too, and sums keep all posts", () => {
  // A Saturday.
  const { periods } = lifeOf("day", days("2011-12-31", 80));
  expect(periods.slice(0, 2)).toEqual([
    { from: "2011-12-26", post_count: 2, users: [0, 2] },
    { from: "2012-01-02", post_count: 7, users: [0, 7] },
  ]);
  expect(periods.reduce((sum, { post_count }) => sum + post_count, 0)).toBe(80);
  expect(lifeOf("month", months(2005, 80)).periods.slice(0, 2)).toEqual([
    { from: "2005-01-01", post_count: 6, users: [3] },
    { from: "2005-04-01", post_count: 6, users: [3] },
  ]);
});

test("a moment has its place between two periods", () => {
  const { periods } = lifeOf("month", months(2005, 3));
  expect(indexOf("2005-01-01", periods)).toBe(0);
  expect(indexOf("2005-02-15", periods)).toBe(1.5);
  expect(indexOf("2005-03-20", periods)).toBe(2);
  expect(indexOf("2004-12-01", periods)).toBe(0);
});
