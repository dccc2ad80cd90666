import { expect, test } from "bun:test";
import { layOut } from "./layout.ts";
import { maxCircles } from "./network.ts";

/** Two circles, of four and of three people, joined by one weak tie; and a pair. */
const circle = (...members: number[]) =>
  members.flatMap((from) => members.filter((to) => to !== from).map((to) => ({ from, to, count: 9 })));
const ties = [...circle(0, 2, 4, 6), ...circle(1, 3, 5), { from: 0, to: 1, count: 1 }, ...circle(7, 8)];
const task = { ties, center: undefined, postCounts: [90, 80, 70, 60, 50, 40, 30, 20, 10] };

test("people who quote each other are one circle; the largest is first, and pairs are none", () => {
  expect(layOut(task).ranks).toEqual([0, 1, 0, 1, 0, 1, 0, maxCircles, maxCircles]);
});

test("people of a circle are closer to each other than to those of another", () => {
  const { places } = layOut(task);
  const mean = (pairs: [number, number][]) =>
    pairs.reduce((sum, [a, b]) => sum + Math.hypot(places[a]![0] - places[b]![0], places[a]![1] - places[b]![1]), 0) /
    pairs.length;
  const [first, second] = [
    [0, 2, 4, 6],
    [1, 3, 5],
  ] as const;
  const pairs = (a: readonly number[], b: readonly number[]) =>
    a.flatMap((one) => b.filter((other) => other !== one).map((other): [number, number] => [one, other]));
  const within = Math.max(mean(pairs(first, first)), mean(pairs(second, second)));
  expect(within).toBeLessThan(0.7 * mean(pairs(first, second)));
});

test("the same network always has the same layout, and those who quote themselves do not change it", () => {
  expect(layOut({ ...task, ties: [...ties, { from: 3, to: 3, count: 99 }] })).toEqual(layOut(task));
});

test("a center is in the middle; a single person has a place", () => {
  expect(layOut({ ...task, center: 5 }).places[5]).toEqual([0, 0]);
  expect(layOut({ ties: [], center: 0, postCounts: [3] })).toEqual({ places: [[0, 0]], ranks: [maxCircles] });
});
