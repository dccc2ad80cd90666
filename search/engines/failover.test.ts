import { expect, test } from "bun:test";
import { createFailover } from "./failover.ts";

/** An engine that answers when it is told to; `asked` resolves once it is asked. */
function engine() {
  const answer = Promise.withResolvers<string>();
  const asked = Promise.withResolvers<void>();
  return {
    ...answer,
    asked: asked.promise,
    ask: () => {
      asked.resolve();
      return answer.promise;
    },
  };
}

test("who is late, but still first, is not left", async () => {
  const { ask, isAway } = createFailover(async () => {});
  const [primary, standby] = [engine(), engine()];
  const asking = ask(primary.ask, standby.ask);
  await standby.asked;
  primary.resolve("primary");
  expect(await asking).toBe("primary");
  standby.resolve("standby");
  await Bun.sleep(0);
  expect(isAway()).toBe(false);
});

test("who is slower than the standby is left until a probe succeeds", async () => {
  const probe = engine();
  const { ask, isAway } = createFailover(async () => void (await probe.ask()));
  const [primary, standby] = [engine(), engine()];
  const asking = ask(primary.ask, standby.ask);
  await standby.asked;
  standby.resolve("standby");
  expect(await asking).toBe("standby");
  expect(isAway()).toBe(true);
  let isAsked = false;
  const next = await ask(
    async () => String((isAsked = true)),
    async () => "standby",
  );
  expect([next, isAsked]).toEqual(["standby", false]);
  probe.resolve("");
  while (isAway()) await Bun.sleep(0);
  expect(await ask(async () => "primary", standby.ask)).toBe("primary");
});

test("when both fail, the standby's error is told; a request that was given up asks nobody else", async () => {
  const fail = (message: string) => () => Promise.reject(new Error(message));
  const { ask } = createFailover(async () => {});
  expect(ask(fail("primary"), fail("standby"))).rejects.toThrow("standby");
  const given = new AbortController();
  const standby = engine();
  const asking = createFailover(async () => {}).ask(
    (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))),
    standby.ask,
    { signal: given.signal },
  );
  given.abort(new Error("given up"));
  expect(asking).rejects.toThrow("given up");
  await asking.catch(() => {});
});
