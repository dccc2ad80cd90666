import { expect, test } from "bun:test";
import { Lane } from "./lane.ts";

const neverAborted = new AbortController().signal;

/** Starts queries that take one turn of the event loop. @returns the clients in the order in which theirs started */
async function startOrder(lane: Lane, clients: string[]): Promise<string[]> {
  const started: string[] = [];
  const query = (client: string) => () => {
    started.push(client);
    return Bun.sleep(0);
  };
  await Promise.all(clients.map((client) => lane.run(client, neverAborted, query(client))));
  return started;
}

test("clients take turns, each with its queries in order", async () => {
  const order = await startOrder(new Lane(1), ["a", "a", "a", "a", "b", "b", "c"]);
  // The second one was sent when nothing else waited.
  expect(order).toEqual(["a", "a", "b", "c", "a", "b", "a"]);
});

test("a client's further query does not wait for all the clients that come after it", async () => {
  const lane = new Lane(1);
  let others = 0;
  const ended = new AbortController();
  // Two other clients wait at any time.
  const newcomers = async () => {
    while (!ended.signal.aborted && others < 1000)
      await lane.run(`client ${others++}`, neverAborted, () => Bun.sleep(0));
  };
  const crowd = [newcomers(), newcomers(), newcomers()];
  await Promise.all([1, 2, 3].map(() => lane.run("a", neverAborted, () => Bun.sleep(0))));
  ended.abort();
  await Promise.all(crowd);
  expect(others).toBeLessThan(15);
});

test("a client that has been served has no disadvantage later", async () => {
  const lane = new Lane(1);
  await startOrder(lane, ["a", "a", "a", "a", "a", "a"]);
  expect(await startOrder(lane, ["b", "b", "a", "c"])).toEqual(["b", "b", "a", "c"]);
});

test("a client that aborts a query keeps its place behind others, and no more", async () => {
  const lane = new Lane(1);
  const started: string[] = [];
  const running = lane.run("x", neverAborted, () => Bun.sleep(20));
  const run = (client: string, name = client, signal = neverAborted) =>
    lane.run(client, signal, async () => void started.push(name));
  const gone = new AbortController();
  const waiting = [run("a"), run("a")];
  const leaving = run("a", "aborted", gone.signal);
  gone.abort(new Error("gone"));
  await expect(leaving).rejects.toThrow("gone");
  await Promise.all([running, ...waiting, run("b"), run("a", "last"), run("c"), run("c", "c's second")]);
  expect(started).toEqual(["a", "b", "c", "a", "c's second", "last"]);
});

test("a query that is aborted while it waits leaves its turn to others", async () => {
  const lane = new Lane(1);
  const running = lane.run("a", neverAborted, () => Bun.sleep(20));
  const gone = new AbortController();
  const leaving = lane.run("a", gone.signal, () => Promise.reject(new Error("was run")));
  const next = lane.run("b", neverAborted, async () => "run");
  gone.abort(new Error("gone"));
  await expect(leaving).rejects.toThrow("gone");
  expect(await next).toBe("run");
  await running;
});
