import { expect, test } from "bun:test";
import { type PageState, HistoryEntries } from "./history-entries.ts";

const state = (top: number): PageState => ({
  top,
  lefts: [0, 200],
  opened: [true, false],
  focused: { name: "/x", nth: 1 },
});

test("states survive a reload as text", () => {
  const entries = new HistoryEntries(null);
  entries.set("a", state(100));
  entries.set("b", { ...state(0), focused: undefined });
  const reloaded = new HistoryEntries(entries.text());
  expect([reloaded.get("a"), reloaded.get("b")?.focused, reloaded.get("c")]).toEqual([
    state(100),
    undefined,
    undefined,
  ]);
});

test("the 50 latest states are kept, and setting a state again makes it the latest", () => {
  const entries = new HistoryEntries(null);
  for (let at = 0; at < 50; at++) entries.set(String(at), state(at));
  entries.set("0", state(1000));
  entries.set("50", state(50));
  expect([entries.get("0")?.top, entries.get("1"), entries.get("2")?.top, entries.get("50")?.top]).toEqual([
    1000,
    undefined,
    2,
    50,
  ]);
});

test("any other stored text is ignored", () => {
  for (const stored of ["", "{", '{"a":1}', "null", "5", "[1]"])
    expect([stored, new HistoryEntries(stored).text()]).toEqual([stored, "[]"]);
});
