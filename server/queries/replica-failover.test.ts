/** When a replica is used, and when it is used again after it was lost. */
import { expect, test } from "bun:test";
import { BrokenCircuitError } from "cockatiel";
import { until } from "@potstats/cli/testing/until";
import { UnavailableError } from "../http/errors.ts";
import type { GuardedPool } from "./guarded-pool.ts";
import { preferReplica } from "./replica-failover.ts";

const poolStub = () => ({ close: async () => {}, isTested: () => false }) as unknown as GuardedPool;
const errorWith = (code: string) => Object.assign(new Error(code), { code });
const lost = errorWith("CONNECTION_CLOSED");

/** Both databases, and what reading the generation on them gives. */
function openBoth(own: string, expected: string | Error, isTrusted?: boolean) {
  const [replica, primary] = [poolStub(), poolStub()];
  const generations = { own, expected, reads: 0 };
  const readGeneration = async (pool: GuardedPool) => {
    if (pool === replica) return generations.own;
    generations.reads++;
    if (generations.expected instanceof Error) throw generations.expected;
    return generations.expected;
  };
  const pools = preferReplica({ replica, primary, readGeneration, isTrusted });
  return { pools, replica, primary, generations };
}

const starts = [
  { own: "old", expected: "new", used: "primary" },
  { own: "new", expected: "new", used: "replica" },
  { own: "old", expected: lost, used: "replica" },
  { own: "old", expected: errorWith("53300"), used: "primary" },
  // It will never answer: pg_hba.conf, the password or the name is wrong.
  { own: "old", expected: errorWith("28P01"), used: "replica" },
  { own: "old", expected: errorWith("3D000"), used: "replica" },
  { own: "old", expected: "new", isTrusted: true, used: "replica" },
] as const;

test.each(starts)("at the start: %o", async ({ used, ...start }) => {
  const { own, expected, isTrusted } = { isTrusted: false, ...start };
  const { pools, replica, primary } = openBoth(own, expected, isTrusted);
  try {
    expect(pools.choose()).toBe(isTrusted ? replica : primary);
    await pools.compared;
    await Bun.sleep(1);
    expect(pools.choose()).toBe({ replica, primary }[used]);
  } finally {
    await pools.close();
  }
});

const answers = [
  ["57014", errorWith("57014")],
  ["53300", errorWith("53300")],
  ["42501", errorWith("42501")],
  ["of the queue", new UnavailableError("too many requests are waiting for the database")],
] as const;

test.each(answers)("a primary that can be reached is no reason to use old data: error %s", async (_, error) => {
  const { pools, replica, primary, generations } = openBoth("old", error);
  try {
    pools.failed(replica, lost);
    await until(() => generations.reads >= 3);
    expect(pools.choose()).toBe(primary);
    generations.expected = "old";
    await until(() => pools.choose() === replica);
  } finally {
    await pools.close();
  }
});

test("a replica that is behind is used again once the primary cannot be reached", async () => {
  const { pools, replica, primary, generations } = openBoth("old", "new");
  try {
    pools.failed(replica, lost);
    await until(() => generations.reads >= 2);
    expect(pools.choose()).toBe(primary);
    // A single broken connection does not tell that.
    const { reads } = generations;
    generations.expected = lost;
    await until(() => generations.reads > reads);
    generations.expected = "new";
    await until(() => generations.reads > reads + 2);
    expect(pools.choose()).toBe(primary);
    // Nor does it, while another query finds out whether the primary is back.
    primary.isTested = () => true;
    generations.expected = new BrokenCircuitError();
    const { reads: later } = generations;
    await until(() => generations.reads > later + 2);
    expect(pools.choose()).toBe(primary);
    generations.expected = errorWith("ECONNREFUSED");
    await until(() => pools.choose() === replica);
  } finally {
    await pools.close();
  }
});
