import { expect, test } from "bun:test";
import { graphOf } from "./graph.ts";

const user = (uid: number) => ({ uid, name: `user ${uid}` });
const quotes = (from: number, to: number, count: number) => ({ from: user(from), to: user(to), count });
const palette = ["red", "blue", "gray"];

/** Two circles of three users, and two of two. */
const edges = [
  ...[1, 10].flatMap((at) => [quotes(at, at + 1, 9), quotes(at + 1, at + 2, 9), quotes(at + 2, at, 9)]),
  quotes(20, 21, 5),
  quotes(30, 31, 5),
];

test("users who quote each other share a color, and communities beyond the palette share its last one", () => {
  const graph = graphOf(edges, new Map(), palette);
  const colors = (...uids: number[]) => uids.map((uid) => graph.getNodeAttribute(String(uid), "color"));
  expect(new Set(colors(1, 2, 3)).size).toBe(1);
  expect([...colors(1), ...colors(10)].toSorted()).toEqual(["blue", "red"]);
  expect(colors(20, 21, 30, 31)).toEqual(["gray", "gray", "gray", "gray"]);
});

test("users with more posts are larger, and users without a count are the smallest", () => {
  const graph = graphOf(
    edges,
    new Map([
      [1, 100],
      [2, 25],
    ]),
    palette,
  );
  expect([1, 2, 3].map((uid) => graph.getNodeAttribute(String(uid), "size"))).toEqual([14, 8.5, 3]);
});

test("users who quote themselves get no edge, and the same selection always gives the same graph", () => {
  const graph = graphOf([...edges, quotes(1, 1, 99)], new Map(), palette);
  expect([graph.order, graph.size]).toEqual([10, 8]);
  const drawn = () => graphOf(edges, new Map(), palette).mapNodes((uid, person) => ({ uid, ...person }));
  expect(drawn()).toEqual(drawn());
});
