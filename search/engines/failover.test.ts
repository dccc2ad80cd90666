import { expect, test } from "bun:test";
import { createFailover } from "./failover.ts";

/** An engine whose result the test controls; `wasQueried` resolves when it is first queried. */
function controlledEngine() {
  const result = Promise.withResolvers<string>();
  const queried = Promise.withResolvers<void>();
  return {
    ...result,
    wasQueried: queried.promise,
    ask: () => {
      queried.resolve();
      return result.promise;
    },
  };
}

test("a primary that is late but still faster than the standby keeps the circuit closed", async () => {
  const { ask, isOpen } = createFailover(async () => {});
  const [primary, standby] = [controlledEngine(), controlledEngine()];
  const result = ask(primary.ask, standby.ask);
  await standby.wasQueried;
  primary.resolve("primary");
  expect(await result).toBe("primary");
  standby.resolve("standby");
  await Bun.sleep(0);
  expect(isOpen()).toBe(false);
});

test("a primary that is slower than the standby opens the circuit until a probe succeeds", async () => {
  const probe = controlledEngine();
  const { ask, isOpen } = createFailover(async () => void (await probe.ask()));
  const [primary, standby] = [controlledEngine(), controlledEngine()];
  const result = ask(primary.ask, standby.ask);
  await standby.wasQueried;
  standby.resolve("standby");
  expect(await result).toBe("standby");
  expect(isOpen()).toBe(true);
  let isPrimaryQueried = false;
  const next = await ask(
    async () => String((isPrimaryQueried = true)),
    async () => "standby",
  );
  expect([next, isPrimaryQueried]).toEqual(["standby", false]);
  probe.resolve("");
  while (isOpen()) await Bun.sleep(0);
  expect(await ask(async () => "primary", standby.ask)).toBe("primary");
});

test("once the circuit is open, no request waits for its head start to end", async () => {
  const probe = controlledEngine();
  const { ask } = createFailover(async () => void (await probe.ask()));
  const [primary, standby] = [controlledEngine(), controlledEngine()];
  standby.resolve("standby");
  const patient = ask(primary.ask, standby.ask, { headStart_ms: 60_000 });
  expect(await ask(() => Promise.reject(new Error("down")), standby.ask)).toBe("standby");
  expect(await patient).toBe("standby");
});

test("probes run one at a time; one that hangs times out, and the next follows", async () => {
  let [running, maxRunning, count] = [0, 0, 0];
  const { ask, isOpen } = createFailover(async (_, signal) => {
    maxRunning = Math.max(maxRunning, ++running);
    if (++count < 2) await new Promise((resolve) => signal.addEventListener("abort", resolve));
    running--;
  });
  const fails = () => Promise.reject(new Error("down"));
  for (let n = 0; n < 3; n++) expect(await ask(fails, async () => "standby")).toBe("standby");
  expect(isOpen()).toBe(true);
  while (isOpen()) await Bun.sleep(20);
  expect({ count, maxRunning }).toEqual({ count: 2, maxRunning: 1 });
});

test("if both fail, the standby's error is thrown", async () => {
  const fail = (message: string) => () => Promise.reject(new Error(message));
  const { ask } = createFailover(async () => {});
  expect(ask(fail("primary"), fail("standby"))).rejects.toThrow("standby");
});

test("a canceled request does not reach the standby", async () => {
  const controller = new AbortController();
  const standby = controlledEngine();
  let isStandbyQueried = false;
  void standby.wasQueried.then(() => (isStandbyQueried = true));
  const answer = createFailover(async () => {}).ask(
    (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))),
    standby.ask,
    { signal: controller.signal },
  );
  controller.abort(new Error("canceled"));
  expect(answer).rejects.toThrow("canceled");
  await answer.catch(() => {});
  expect(isStandbyQueried).toBe(false);
});
