import { expect, test } from "bun:test";
import { maxRecent, type RecentSearch, recentSearches } from "./recent-searches.ts";

/** A storage with a content; `texts` shows what is stored. */
function memory(...entries: [key: string, text: string][]) {
  const texts = new Map(entries);
  const storage = {
    getItem: (key: string) => texts.get(key) ?? null,
    setItem: (key: string, text: string) => void texts.set(key, text),
    removeItem: (key: string) => void texts.delete(key),
  } as unknown as Storage;
  return { texts, recent: recentSearches(() => storage) };
}

const post = (content: string): RecentSearch => ({ content, type: "post" });
const contents = ({ read }: ReturnType<typeof recentSearches>) => read().searches.map(({ content }) => content);

test("the latest search is first, once, and the oldest are dropped", () => {
  const { recent } = memory();
  for (let at = 1; at <= maxRecent + 5; at++) recent.add(post(`kuchen ${at}`));
  recent.add(post("kuchen 20"));
  expect(contents(recent).length).toBe(maxRecent);
  expect(contents(recent).slice(0, 3)).toEqual(["kuchen 20", "kuchen 25", "kuchen 24"]);
  recent.add({ content: "kuchen 20", type: "thread" });
  expect(contents(recent).slice(0, 2)).toEqual(["kuchen 20", "kuchen 20"]);
});

test("a search that continues another takes its place", () => {
  const { recent } = memory();
  for (const content of ["wetter", "kuch"]) recent.add(post(content));
  recent.add(post("kuchen"), post("kuch"));
  expect(contents(recent)).toEqual(["kuchen", "wetter"]);
});

test("one or all are erased, and then nothing is left in the browser", () => {
  const { recent, texts } = memory();
  for (const content of ["kuchen", "wetter", "regen"]) recent.add(post(content));
  recent.erase(post("wetter"));
  expect(contents(recent)).toEqual(["regen", "kuchen"]);
  recent.eraseAll();
  expect([contents(recent), texts.size]).toEqual([[], 0]);
});

test("nothing is kept while it is off", () => {
  const { recent, texts } = memory();
  recent.add(post("kuchen"));
  recent.setOff(true);
  recent.add(post("wetter"));
  expect(recent.read()).toEqual({ isOff: true, searches: [] });
  expect([...texts.values()].join()).not.toContain("kuchen");
  recent.setOff(false);
  recent.add(post("regen"));
  expect(contents(recent)).toEqual(["regen"]);
});

test("garbage in the storage counts as nothing, and a blocked storage keeps nothing", () => {
  for (const text of ["{", "null", "[]", '{"searches":{}}', '{"searches":[1,null,{"content":1},{"content":"x"}]}'])
    expect([text, memory(["recent-searches", text]).recent.read()]).toEqual([text, { isOff: false, searches: [] }]);
  const blocked = (): Storage => {
    throw new DOMException("blocked", "SecurityError");
  };
  const recent = recentSearches(blocked);
  recent.add(post("kuchen"));
  expect(contents(recent)).toEqual([]);
});
