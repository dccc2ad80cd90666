import { expect, test } from "bun:test";
import { createFailover } from "./failover.ts";

/** An engine that answers on demand; `wasAsked` resolves when it is first asked. */
function controlledEngine() {
  const answer = Promise.withResolvers<string>();
  const asked = Promise.withResolvers<void>();
  return {
    ...answer,
    wasAsked: asked.promise,
    ask: () => {
      asked.resolve();
      return answer.promise;
    },
  };
}

test("a primary that is late but still faster than the standby keeps the circuit closed", async () => {
  const { ask, isOpen } = createFailover(async () => {});
  const [primary, standby] = [controlledEngine(), controlledEngine()];
  const answer = ask(primary.ask, standby.ask);
  await standby.wasAsked;
  primary.resolve("primary");
  expect(await answer).toBe("primary");
  standby.resolve("standby");
  await Bun.sleep(0);
  expect(isOpen()).toBe(false);
});

test("a primary that is slower than the standby opens the circuit until a probe succeeds", async () => {
  const probe = controlledEngine();
  const { ask, isOpen } = createFailover(async () => void (await probe.ask()));
  const [primary, standby] = [controlledEngine(), controlledEngine()];
  const answer = ask(primary.ask, standby.ask);
  await standby.wasAsked;
  standby.resolve("standby");
  expect(await answer).toBe("standby");
  expect(isOpen()).toBe(true);
  let wasAsked = false;
  const next = await ask(
    async () => String((wasAsked = true)),
    async () => "standby",
  );
  expect([next, wasAsked]).toEqual(["standby", false]);
  probe.resolve("");
  while (isOpen()) await Bun.sleep(0);
  expect(await ask(async () => "primary", standby.ask)).toBe("primary");
});

test("probes run one at a time; one that hangs times out, and the next follows", async () => {
  let [running, maxRunning, count] = [0, 0, 0];
  const { ask, isOpen } = createFailover(async (signal) => {
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
  let wasAsked = false;
  void standby.wasAsked.then(() => (wasAsked = true));
  const answer = createFailover(async () => {}).ask(
    (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))),
    standby.ask,
    { signal: controller.signal },
  );
  controller.abort(new Error("canceled"));
  expect(answer).rejects.toThrow("canceled");
  await answer.catch(() => {});
  expect(wasAsked).toBe(false);
});
