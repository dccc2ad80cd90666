import { expect, test } from "bun:test";
import { formerSearch } from "./former-search.ts";

test("a search of potstats2 keeps words, type and order, and defaults are omitted", () => {
  const cases: [search: object, parameters: string][] = [
    [{ query: "kuchen", type: "post", sort: "score" }, "q=kuchen"],
    [{ query: "rote grütze", type: "thread", sort: "date-asc" }, "q=rote+gr%C3%BCtze&type=thread&sort=date-asc"],
    [{ query: "kuchen" }, "q=kuchen"],
    [{}, "q="],
  ];
  for (const [search, parameters] of cases) {
    const json = JSON.stringify(search);
    for (const hash of [`#${json}`, `#${encodeURIComponent(json)}`])
      expect([hash, formerSearch(hash)?.toString()]).toEqual([hash, parameters]);
  }
});

test("any other hash is not a search", () => {
  for (const hash of ["", "#", "#content", "#{", '#{"query":', "#%7B%", "#[1]"])
    expect([hash, formerSearch(hash)]).toEqual([hash, undefined]);
});
