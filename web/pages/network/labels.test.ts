import { expect, test } from "bun:test";
import { placeLabels } from "./labels.ts";

const area = { width: 400, height: 300 };
const label = (x: number, y: number) => ({ x, y, radius: 5, width: 80 });

test("a name is to the right of its person, or where it is not cut off", () => {
  expect(placeLabels([label(100, 100)], 16, area)).toEqual([{ x: 109, y: 100 }]);
  expect(placeLabels([label(390, 100)], 16, area)).toEqual([{ x: 301, y: 100 }]);
  expect(placeLabels([{ ...label(200, 10), width: 300 }], 16, area)).toEqual([{ x: 50, y: 27 }]);
});

test("names cover neither each other nor people; the first in the list are placed first", () => {
  const [first, second] = placeLabels([label(100, 100), label(150, 100)], 16, area);
  // The second person is where the first name would be.
  expect(first).toEqual({ x: 11, y: 100 });
  expect(second).toEqual({ x: 159, y: 100 });
  const crowd = Array.from({ length: 20 }, () => label(200, 150));
  expect(placeLabels(crowd, 16, area).filter(Boolean).length).toBe(4);
});

test("a name without room is omitted", () => {
  expect(placeLabels([{ ...label(200, 150), width: 500 }], 16, area)).toEqual([undefined]);
});
