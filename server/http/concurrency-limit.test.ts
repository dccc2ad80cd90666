import { expect, test } from "bun:test";
import { ConcurrencyLimit, type Release } from "./concurrency-limit.ts";

const neverAborted = new AbortController().signal;
const client = (key: string, network?: string) => (network === undefined ? { key } : { key, network });

/** Requests several slots. @returns the slots that were free, and promises for the others */
function requestSlots(limit: ConcurrencyLimit, key: string, n: number, network?: string) {
  const slots = Array.from({ length: n }, () => limit.enter(client(key, network), neverAborted));
  const isWaiting = (slot: Release | Promise<Release>) => slot instanceof Promise;
  const waiting = slots.filter(isWaiting) as Promise<Release>[];
  for (const slot of waiting) slot.catch(() => {});
  return { free: slots.filter((slot) => !isWaiting(slot)) as Release[], waiting };
}

test("a client has four slots; its further requests wait in order without delaying other clients", async () => {
  const limit = new ConcurrencyLimit();
  const { free, waiting } = requestSlots(limit, "a", 36);
  expect([free.length, waiting.length]).toEqual([4, 32]);
  expect(() => limit.enter(client("a"), neverAborted)).toThrow("too many of your requests are being processed");
  expect(requestSlots(limit, "b", 4).free).toHaveLength(4);
  const order: number[] = [];
  waiting.forEach(
    (slot, n) =>
      void slot.then(
        () => order.push(n),
        () => {},
      ),
  );
  free[0]!();
  free[1]!();
  await Bun.sleep(1);
  expect(order).toEqual([0, 1]);
  expect(requestSlots(limit, "a", 1).waiting).toHaveLength(1);
});

test("a request that waits eight seconds is rejected with the error that names the cause", async () => {
  const limits = { own: new ConcurrencyLimit(), others: new ConcurrencyLimit() };
  for (let n = 0; n < 8; n++) requestSlots(limits.others, `busy ${n}`, 4);
  const forOwn = requestSlots(limits.own, "a", 5).waiting[0]!;
  const forOthers = requestSlots(limits.others, "a", 1).waiting[0]!;
  const rejected = Promise.race([forOwn, forOthers].map((slot) => slot.catch(() => "rejected")));
  expect(await Promise.race([rejected, Bun.sleep(7000).then(() => "waits")])).toBe("waits");
  await expect(forOwn).rejects.toMatchObject({ name: "TooManyRequestsError" });
  await expect(forOthers).rejects.toMatchObject({ name: "UnavailableError" });
}, 20_000);

test("there are 32 slots in total, given to the clients in turn, however long their queues are", async () => {
  const limit = new ConcurrencyLimit();
  const running = Array.from({ length: 8 }, (_, n) => requestSlots(limit, `busy ${n}`, 4).free).flat();
  const served: string[] = [];
  for (const [key, n] of [
    ["a", 20],
    ["b", 2],
    ["c", 1],
  ] as const)
    for (const slot of requestSlots(limit, key, n).waiting)
      void slot.then(
        () => served.push(key),
        () => {},
      );
  for (let n = 0; n < 6; n++) {
    running[n]!();
    await Bun.sleep(1);
  }
  expect(served).toEqual(["a", "b", "c", "a", "b", "a"]);
});

test("an aborted request leaves the queue", async () => {
  const limit = new ConcurrencyLimit();
  const { free } = requestSlots(limit, "a", 4);
  const gone = new AbortController();
  const left = limit.enter(client("a"), gone.signal);
  const { waiting } = requestSlots(limit, "a", 1);
  gone.abort();
  await expect(Promise.resolve(left)).rejects.toMatchObject({ name: "AbortError" });
  free[0]!();
  expect(await waiting[0]!).toBeFunction();
  expect(() => limit.enter(client("b"), gone.signal)).toThrow();
});

test("a network of 65,536 clients has sixteen slots", () => {
  const limit = new ConcurrencyLimit();
  let refused = 0;
  let running = 0;
  for (let n = 0; n < 65_536; n++) {
    try {
      const slot = limit.enter(client(`2001:db8:a:${n}/64`, "2001:db8:a/48"), neverAborted);
      if (slot instanceof Promise) slot.catch(() => {});
      else running++;
    } catch {
      refused++;
    }
  }
  expect([running, refused]).toEqual([16, 65_536 - 16 - 128]);
  expect(limit.enter(client("203.0.113.8"), neverAborted)).toBeFunction();
});

test("in random order, no limit is exceeded and no slot is lost", async () => {
  const limit = new ConcurrencyLimit();
  const running = new Map<string, number>();
  let refused = 0;
  const work = Array.from({ length: 2000 }, async (_, n) => {
    const key = `client ${n % 30}`;
    await Bun.sleep((n * 7) % 200);
    const signal = n % 3 === 0 ? AbortSignal.timeout((n * 11) % 40) : neverAborted;
    try {
      const release = await limit.enter(client(key), signal);
      const now = (running.get(key) ?? 0) + 1;
      running.set(key, now);
      expect(now).toBeLessThanOrEqual(4);
      expect([...running.values()].reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(32);
      await Bun.sleep((n * 13) % 7);
      running.set(key, running.get(key)! - 1);
      release();
    } catch (error) {
      if ((error as Error).name === "Error") throw error;
      refused++;
    }
  });
  await Promise.all(work);
  expect(refused).toBeLessThan(2000);
  for (let n = 0; n < 8; n++) expect(requestSlots(limit, `client ${n}`, 4).free).toHaveLength(4);
}, 20_000);
