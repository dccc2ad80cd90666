import { expect, test } from "bun:test";
import { type Place, Places } from "./history-entries.ts";

const place = (top: number): Place => ({
  top,
  lefts: [0, 200],
  opened: [true, false],
  focused: { name: "/x", nth: 1 },
});

test("places survive a reload as text", () => {
  const places = new Places(null);
  places.set("a", place(100));
  places.set("b", { ...place(0), focused: undefined });
  const reloaded = new Places(places.text());
  expect([reloaded.get("a"), reloaded.get("b")?.focused, reloaded.get("c")]).toEqual([
    place(100),
    undefined,
    undefined,
  ]);
});

test("the 50 latest are kept; a place that is set again counts as the latest", () => {
  const places = new Places(null);
  for (let at = 0; at < 50; at++) places.set(String(at), place(at));
  places.set("0", place(1000));
  places.set("50", place(50));
  expect([places.get("0")?.top, places.get("1"), places.get("2")?.top, places.get("50")?.top]).toEqual([
    1000,
    undefined,
    2,
    50,
  ]);
});

test("whatever else is stored counts as nothing", () => {
  for (const stored of ["", "{", '{"a":1}', "null", "5", "[1]"])
    expect([stored, new Places(stored).text()]).toEqual([stored, "[]"]);
});
