import { expect, test } from "bun:test";
import { circlesOf, maxCircles, networkOf, partnersOf, peopleOf, positionOf, thresholds, tiesFrom } from "./network.ts";

const member = (uid: number, post_count: number, name = `Nutzer ${uid}`) => ({
  User: { uid, name, aliases: [] },
  post_count,
});

/** Users 10, 20, 30 and 40; 40 quotes only himself. */
const answer = {
  users: [member(30, 90), member(10, 50), member(20, 50, " "), member(40, 1)],
  edges: [
    { from: 10, to: 30, count: 7 },
    { from: 40, to: 40, count: 5 },
    { from: 30, to: 10, count: 3 },
    { from: 20, to: 30, count: 3 },
    { from: 10, to: 20, count: 1 },
  ],
};

test("ties refer to people by position; the center is the position of the user whose network it is", () => {
  const network = networkOf(answer, 20);
  expect(network.people.map(({ name }) => name)).toEqual(["Nutzer 30", "Nutzer 10", "#20", "Nutzer 40"]);
  expect(network.ties[0]).toEqual({ from: 1, to: 0, count: 7 });
  expect(network.center).toBe(2);
  expect(networkOf(answer, 0).center).toBeUndefined();
  expect([positionOf(network, 40), positionOf(network, 99)]).toEqual([3, undefined]);
});

test("a threshold hides ties below it, and the people whom no other tie joins to someone else", () => {
  const network = networkOf(answer, 0);
  expect(thresholds(network)).toEqual([1, 3, 5, 7]);
  const shown = (from: number, center?: number) => peopleOf(tiesFrom(network, from), center);
  expect(shown(1)).toEqual([0, 1, 2]);
  expect(shown(3)).toEqual([0, 1, 2]);
  expect(shown(5)).toEqual([0, 1]);
  expect(shown(8)).toEqual([]);
  expect(shown(8, 2)).toEqual([2]);
});

test("partners are ordered by the quotes in both directions, without the person", () => {
  const { ties } = networkOf(answer, 0);
  expect(partnersOf(ties, 0)).toEqual([
    { at: 1, quotes: 3, quoted: 7 },
    { at: 2, quotes: 0, quoted: 3 },
  ]);
  expect(partnersOf(ties, 3)).toEqual([]);
});

test("a circle has only members that are shown; circles without any, and people without a circle, are left out", () => {
  expect(circlesOf([1, 0, maxCircles, 1, 2], [0, 1, 2, 3])).toEqual([
    { rank: 0, members: [1] },
    { rank: 1, members: [0, 3] },
  ]);
});
