/** The statistics of threads find what the simulated forum plants for them, in a crawled forum of twelve years. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { serveForum, type ServedForum } from "./testing/stages.ts";

let served: ServedForum;
beforeAll(async () => {
  served = await serveForum({ seed: 11, posts: 1500, years: 12 });
}, 600_000);
afterAll(() => served?.stop());

// oxlint-disable-next-line typescript/no-explicit-any -- responses of every shape are read
const ask = async (path: string): Promise<any> => await (await fetch(`${served.url}/api/${path}`)).json();

const tidOf = (title: string) => {
  const thread = served.forum.history.threads.find(({ titles }) => titles[0]?.title === title);
  if (!thread) throw new Error(`no thread "${title}"`);
  return thread.tid;
};

test("a series of forty threads can be paged through, across a gap and a renamed part", async () => {
  const titles: string[] = [];
  let tid: number | undefined = tidOf("Schöner Schmoren");
  while (tid !== undefined) {
    const { thread, series } = await ask(`thread?tid=${tid}`);
    titles.push(thread.title);
    expect([series.position, series.threads]).toEqual([titles.length, 40]);
    tid = series.next?.tid;
  }
  expect(titles.slice(0, 3)).toEqual(["Schöner Schmoren", "Schöner Schmoren II", "Schöner Schmoren III"]);
  expect(titles.slice(14, 17)).toEqual([
    "schöner schmoren (#15)",
    "Schöner Schmoren Teil 16",
    "Schöner Schmoren Teil 18",
  ]);
  expect(titles).toContain("SCHOENER SCHMOREN – die Nr. 23");
  expect(titles).toHaveLength(40);
});

test("the necromancer ended the longest silences: four threads, revived after eight years", async () => {
  const { rows } = await ask("threads?order_by=longest_silence_s&limit=4");
  const revived = await Promise.all(
    rows.map(({ thread }: { thread: { tid: number } }) => ask(`thread?tid=${thread.tid}`)),
  );
  expect(revived.map(({ thread }) => thread.title).toSorted()).toEqual([
    "Begraben und wieder da",
    "Eingeschlafen und wieder da",
    "Vergessen und wieder da",
    "Verstaubt und wieder da",
  ]);
  const necromancer = served.forum.history.people[20]?.uid;
  for (const thread of revived) {
    expect(thread.silence_ended_by.user.uid).toBe(necromancer);
    expect(thread.longest_silence_s).toBeGreaterThan(7.9 * 365 * 86_400);
    expect(thread.silence_ended_by).toEqual(thread.last);
    expect(thread.per).toBe("month");
  }
});

test("threads without a reply have nobody's first reply, and count as unanswered", async () => {
  const tid = tidOf("Niemand antwortet mir");
  expect(await ask(`thread?tid=${tid}`)).toMatchObject({
    post_count: 1,
    participants: 1,
    first_reply_s: null,
    lifetime_s: 0,
  });
  const { rows } = await ask("threads?order_by=first_reply_s&limit=10000");
  expect(rows.map(({ thread }: { thread: { tid: number } }) => thread.tid)).not.toContain(tid);
  const { total } = await ask("thread-replies?bid=14");
  expect(total.unanswered).toBeGreaterThanOrEqual(5);
  const all = (await ask("thread-replies")).total;
  expect(all.threads - all.unanswered).toBe(rows.length);
});
