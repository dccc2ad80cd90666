import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { type Naming, nameSeen, type Sighting } from "./names.ts";

const nobody: Naming = { name: null, name_ms: 0, name_pid: 0, aliases: [] };
const seen = (name: string, time_ms: number, pid: number): Sighting => ({ name, time_ms, pid });

test("the latest name wins, and the others are aliases", () => {
  expect(nameSeen(nobody, [seen("Alt", 1, 1), seen("Neu", 3, 3), seen("Mitte", 2, 2)])).toEqual({
    name: "Neu",
    name_ms: 3,
    name_pid: 3,
    aliases: ["Alt", "Mitte"],
  });
});

test("an older post does not change the name", () => {
  const now = nameSeen(nobody, [seen("Neu", 10, 10)]);
  expect(nameSeen(now, [seen("Alt", 5, 5)])).toEqual({ ...now, aliases: ["Alt"] });
});

test("a former name that is taken again is no longer an alias", () => {
  const now = nameSeen(nobody, [seen("A", 1, 1), seen("B", 2, 2)]);
  expect(nameSeen(now, [seen("A", 3, 3)])).toEqual({ name: "A", name_ms: 3, name_pid: 3, aliases: ["B"] });
});

test("at equal times the higher pid wins", () => {
  expect(nameSeen(nobody, [seen("B", 1, 9), seen("A", 1, 8)]).name).toBe("B");
  expect(nameSeen(nobody, [seen("A", 1, 8), seen("B", 1, 9)]).name).toBe("B");
});

test("the time of the name is that of its latest sighting", () => {
  expect(nameSeen(nobody, [seen("A", 1, 1), seen("A", 5, 5)]).name_ms).toBe(5);
});

test("seeing the same names again changes nothing", () => {
  const now = nameSeen(nobody, [seen("A", 1, 1), seen("B", 2, 2)]);
  expect(nameSeen(now, [seen("B", 2, 2), seen("A", 1, 1)])).toBe(now);
});

test("the order of sightings does not matter", () => {
  const sighting = fc.record({
    name: fc.constantFrom("A", "B", "C"),
    time_ms: fc.integer({ min: 0, max: 4 }),
    pid: fc.integer({ min: 1, max: 4 }),
  });
  fc.assert(
    fc.property(
      fc.array(sighting, { maxLength: 8 }),
      fc.integer(),
      fc.integer({ min: 0, max: 8 }),
      (list, seed, cut) => {
        const shuffled = list.toSorted(
          (a, b) => ((a.pid * 31 + a.time_ms * 17) ^ seed) - ((b.pid * 31 + b.time_ms * 17) ^ seed),
        );
        const atOnce = nameSeen(nobody, list);
        expect(nameSeen(nobody, shuffled)).toEqual(atOnce);
        expect(nameSeen(nameSeen(nobody, shuffled.slice(0, cut)), shuffled.slice(cut))).toEqual(atOnce);
      },
    ),
  );
});
