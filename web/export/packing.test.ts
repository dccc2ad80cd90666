import { expect, test } from "bun:test";
import { pack, packResponses, unpack, unpackResponses } from "./packing.ts";

const json = JSON.stringify;

let state = 5;
/** A whole number below a limit: Park and Miller's generator, always the same numbers. */
const below = (limit: number): number => {
  state = (state * 48_271) % 2_147_483_647;
  return state % limit;
};

/** Any JSON; objects in lists often have the same keys. */
function anything(depth: number): unknown {
  const kind = below(depth > 0 ? 8 : 5);
  if (kind < 5) return [null, below(100), below(1000) / 7, `t${below(9)}`, below(2) === 0][kind];
  const keys = ["a", "b", "columns", "length", "0"].slice(below(5));
  const fields = () => Object.fromEntries(keys.map((key) => [key, anything(depth - 1)]));
  if (kind === 5) return fields();
  return Array.from({ length: below(4) }, () => (kind === 6 ? fields() : anything(depth - 1)));
}

test("what was packed is the same JSON, keys in the same order", () => {
  let tables = 0;
  for (let at = 0; at < 2000; at++) {
    const value = anything(4);
    const packed = json(pack(value));
    if (packed.includes('"#"')) tables++;
    expect(json(unpack(JSON.parse(packed)))).toBe(json(value));
  }
  expect(tables).toBeGreaterThan(100);
});

test("lists of objects with the same keys become columns; others stay", () => {
  const rows = [
    { user: { uid: 1, name: "a" }, count: 2 },
    { user: { uid: 3, name: "b" }, count: 4 },
  ];
  expect(pack({ rows })).toEqual({
    rows: {
      "#": ["user", "count"],
      columns: [
        {
          "#": ["uid", "name"],
          columns: [
            [1, 3],
            ["a", "b"],
          ],
        },
        [2, 4],
      ],
    },
  });
  for (const value of [
    [{ a: 1 }],
    [{ a: 1 }, { b: 2 }],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [{}, {}],
    [[1], [2]],
    [],
  ])
    expect(json(pack(value))).toBe(json(value));
  expect(() => pack({ "#": 1 })).toThrow("#");
});

test("responses are found by their names", () => {
  const responses = new Map<string, unknown>([
    ["years", { rows: [] }],
    ["user?uid=10", { count: 1 }],
    ["user?uid=2", { count: null }],
    ["user-days?uid=2", []],
  ]);
  const unpacked = unpackResponses(JSON.parse(json(packResponses(responses))));
  expect(new Map([...unpacked].toSorted())).toEqual(new Map([...responses].toSorted()));
});
