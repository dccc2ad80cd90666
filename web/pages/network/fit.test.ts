import { expect, test } from "bun:test";
import { fit, personAt } from "./fit.ts";
import { networkOf } from "./network.ts";

const postCounts = [100, 25, 0];
const network = networkOf(
  {
    users: postCounts.map((post_count, uid) => ({ User: { uid, name: String(uid), aliases: [] }, post_count })),
    edges: [],
  },
  0,
);
const layout = {
  places: [
    [-300, -300],
    [300, 300],
    [2000, 0],
  ] as const,
  ranks: [0, 1, 2],
};

test("those who are shown fill the area, tall or wide; nobody is outside", () => {
  for (const area of [
    { width: 900, height: 600 },
    { width: 320, height: 460 },
  ]) {
    const [first, second, ...others] = fit(network, layout, [0, 1], area);
    expect(others).toEqual([]);
    expect(second!.x - first!.x).toBeGreaterThan(0.8 * (area.width - 56));
    expect(second!.y - first!.y).toBeGreaterThan(0.8 * (area.height - 56));
    expect(Math.min(first!.x, first!.y)).toBeGreaterThan(0);
    expect([second!.x < area.width, second!.y < area.height]).toEqual([true, true]);
  }
});

test("few people are not torn apart, and one is in the middle", () => {
  const near = {
    ...layout,
    places: [
      [0, 0],
      [10, 0],
      [0, 0],
    ] as const,
  };
  const [first, second] = fit(network, near, [0, 1], { width: 900, height: 600 });
  expect(second!.x - first!.x).toBeLessThan(100);
  expect(fit(network, near, [1], { width: 900, height: 600 })[0]).toMatchObject({ x: 450, y: 300 });
});

test("people with more posts are larger", () => {
  const radii = fit(network, layout, [0, 1, 2], { width: 600, height: 600 }).map(({ radius }) => radius);
  expect(radii).toEqual(radii.toSorted((a, b) => b - a));
  expect(new Set(radii).size).toBe(3);
});

test("the nearest person within reach is found", () => {
  const spots = fit(network, layout, [0, 1], { width: 900, height: 600 });
  const [first, second] = spots;
  expect(personAt(spots, { x: first!.x + first!.radius + 5, y: first!.y }, 8)).toBe(0);
  expect(personAt(spots, { x: second!.x, y: second!.y }, 0)).toBe(1);
  expect(personAt(spots, { x: 450, y: 300 }, 20)).toBeUndefined();
});
