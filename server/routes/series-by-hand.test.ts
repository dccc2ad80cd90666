/** The series of the contract's table, and who opens one. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { tinyForum } from "../testing/tiny-forum.ts";
import { testServer, type TestServer } from "../testing/server.ts";

/** A thread each, a day after the other; `null` is no post. */
const titles: [title: string, bid?: number, day?: string | null][] = [
  ["Der große Kochthread", 1, "2009-01-01"],
  ["Der große Kochthread", 1, "2010-01-01"],
  ["Der große Kochthread Teil 27"],
  ["DER GROSSE KOCHTHREAD (#28)"],
  ["Der große Kochthread, 29. Teil"],
  ["Der große Kochthread – die Nr. 30".replace("30", "X".repeat(3))],
  ["Der grosse Kochthread 30"],
  ["Der große Kochthread", 1, "2020-01-01"],
  ["Bundesliga 2011"],
  ["Bundesliga 2011/12"],
  ["Bundesliga 2012/13"],
  ["Kapitel I"],
  ["Kleidung XXL"],
  ["Kochthread Teil"],
  ["Kochthread27"],
  ["Kochthread 27 mit Fleisch"],
  ["Area 51"],
  ["Area 52"],
  ["Witze Teil 2"],
  ["Witze Teil 3"],
  ["Teil 2"],
  ["Teil 3"],
  ["Krieg der Töpfe CII", 2],
  ["Krieg der T&#246;pfe CIII", 2],
  ["Krieg der Töpfe CIV", 3],
  ["Krieg der Töpfe CV", 2, null],
];

let server: TestServer;
beforeAll(async () => {
  const days = titles.map(([, , day], at) => (day === undefined ? `2011-01-${String(at + 1).padStart(2, "0")}` : day));
  const forum = tinyForum(
    days.flatMap((day, at) => {
      const bid = titles[at]![1] ?? 1;
      return day === null ? [] : [{ uid: 1, tid: at + 1, bid, time: `${day}T12:00:00Z` }];
    }),
  );
  forum.threads = titles.map(([title, bid = 1], at) => ({ tid: at + 1, bid, title, subtitle: "" }));
  server = await testServer({}, forum);
});
afterAll(() => server.stop());

/** The tids of the thread's series, found by following `next` from its first thread; empty without a series. */
async function seriesOf(tid: number): Promise<number[]> {
  const { series } = await server.json(`/api/thread?tid=${tid}`);
  if (series === null) return [];
  if (series.previous) return seriesOf(series.previous.tid);
  const tids: number[] = [];
  for (let at: number | undefined = tid; at !== undefined;) {
    const place: { position: number; threads: number; next: { tid: number } | null } = (
      await server.json(`/api/thread?tid=${at}`)
    ).series;
    tids.push(at);
    expect([place.position, place.threads]).toEqual([tids.length, series.threads]);
    at = place.next?.tid;
  }
  return tids;
}

test.each([
  ["all spellings of one name, opened by the latest thread without a number before them", 3, [2, 3, 4, 5, 6, 7]],
  ["the same number twice", 7, [2, 3, 4, 5, 6, 7]],
  ["an earlier thread of the name opens nothing", 1, []],
  ["a later one neither", 8, []],
  ["a year is a number, alone no series", 9, []],
  ["of a season only its end is the number", 10, []],
  ["another season has another name", 11, []],
  ["one is a word", 12, []],
  ["a size is none", 13, []],
  ["a marker without a number", 14, []],
  ["no space before the number", 15, []],
  ["a number within the title", 16, []],
  ["a name of four letters", 17, []],
  ["a name of five letters", 19, []],
  ["no name", 21, []],
  [
    "Roman numerals beyond a hundred, titles repaired; another board and a thread without posts are others",
    24,
    [23, 24],
  ],
  ["a single part on its board", 25, []],
])("%s", async (_, tid, expected) => {
  expect(await seriesOf(tid)).toEqual(expected);
});
