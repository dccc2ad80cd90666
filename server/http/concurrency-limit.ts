/**
 * Limits how many answers are computed at once, for each client and for all together. Further requests wait for a moment in a
 * queue per client; free slots go to the clients in turn, so that nobody waits behind somebody else's queue. (cockatiel's
 * `bulkhead` has one queue for all, and no limits per client.)
 */
import type { Client } from "./client.ts";
import { TooMany, Unavailable } from "./errors.ts";

export type Release = () => void;

export interface ConcurrencyLimit {
  /**
   * Takes a slot: now if one is free, else when it is the client's turn.
   * @returns a function that gives the slot back, to be called when the computation has really ended
   * @throws TooMany when the client has too many requests, Unavailable when all together have; the signal's reason
   */
  enter(client: Client, signal: AbortSignal): Release | Promise<Release>;
}

/** Milliseconds that a request waits for the client's own earlier ones, and for those of others. */
const waitTimeout_ms = { own: 1000, others: 5000 };

/** Requests that share a number of slots: a client's, a network's, or all. */
interface Group {
  running: number;
  waiting: number;
  readonly maxRunning: number;
  readonly maxWaiting: number;
}

interface Waiter {
  groups: Group[];
  start(): void;
}

const hasSlot = (groups: Group[]) => groups.every(({ running, maxRunning }) => running < maxRunning);
const isFull = ({ waiting, maxWaiting }: Group) => waiting >= maxWaiting;

/** The groups of the client itself: the last group is everybody's. */
const own = (groups: Group[]) => groups.slice(0, -1);

export function createConcurrencyLimit(): ConcurrencyLimit {
  const everybody: Group = { running: 0, waiting: 0, maxRunning: 32, maxWaiting: 1000 };
  const groups = new Map<string, Group>();
  /** By client; the client that was served last is at the end. */
  const queues = new Map<string, Waiter[]>();

  function groupOf(name: string, maxRunning: number, maxWaiting: number): Group {
    let group = groups.get(name);
    if (!group) groups.set(name, (group = { running: 0, waiting: 0, maxRunning, maxWaiting }));
    return group;
  }

  function groupsOf({ key, network }: Client): Group[] {
    return [
      groupOf(key, 4, 32),
      // The 65,536 clients of a network are one site, or one attacker.
      ...(network === undefined ? [] : [groupOf(network, 16, 128)]),
      everybody,
    ];
  }

  function deleteIdleGroups({ key, network }: Client): void {
    for (const name of [key, network]) {
      const group = name === undefined ? undefined : groups.get(name);
      if (name !== undefined && group?.running === 0 && group.waiting === 0) groups.delete(name);
    }
  }

  function takeSlot(client: Client, clientGroups: Group[]): Release {
    for (const group of clientGroups) group.running++;
    return () => {
      for (const group of clientGroups) group.running--;
      startNext();
      deleteIdleGroups(client);
    };
  }

  function startNext(): void {
    for (const [key, queue] of queues) {
      const [first] = queue;
      if (everybody.running >= everybody.maxRunning) return;
      if (!first || !hasSlot(first.groups)) continue;
      queue.shift();
      queues.delete(key);
      if (queue.length > 0) queues.set(key, queue);
      first.start();
    }
  }

  function wait(client: Client, clientGroups: Group[], signal: AbortSignal): Promise<Release> {
    const { promise, resolve, reject } = Promise.withResolvers<Release>();
    const queue = queues.get(client.key) ?? [];
    queues.set(client.key, queue);
    const stopWaiting = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", leave);
      for (const group of clientGroups) group.waiting--;
    };
    const waiter: Waiter = {
      groups: clientGroups,
      start: () => {
        stopWaiting();
        resolve(takeSlot(client, clientGroups));
      },
    };
    const giveUp = (reason: unknown) => {
      queue.splice(queue.indexOf(waiter), 1);
      if (queue.length === 0) queues.delete(client.key);
      stopWaiting();
      deleteIdleGroups(client);
      reject(reason);
    };
    const leave = () => giveUp(signal.reason);
    let timer = setTimeout(() => {
      if (!hasSlot(own(clientGroups))) return giveUp(refusal(clientGroups));
      timer = setTimeout(() => giveUp(refusal(clientGroups)), waitTimeout_ms.others - waitTimeout_ms.own);
    }, waitTimeout_ms.own);
    for (const group of clientGroups) group.waiting++;
    queue.push(waiter);
    signal.addEventListener("abort", leave, { once: true });
    return promise;
  }

  return {
    enter(client, signal) {
      signal.throwIfAborted();
      const clientGroups = groupsOf(client);
      if (hasSlot(clientGroups)) return takeSlot(client, clientGroups);
      if (!clientGroups.some(isFull)) return wait(client, clientGroups, signal);
      const error = refusal(clientGroups);
      deleteIdleGroups(client);
      throw error;
    },
  };
}

/** Blames the client if its own slots or its own queue are full, else the load. */
function refusal(clientGroups: Group[]): Error {
  const isOwn = !hasSlot(own(clientGroups)) || own(clientGroups).some(isFull);
  return isOwn
    ? new TooMany("too many answers are being computed for you: wait for the earlier ones, please")
    : new Unavailable("too many answers are being computed at the moment");
}
