/**
 * Limits how many responses are computed at once, per client and in total. Further requests wait briefly in a queue per
 * client. Free slots go to the clients in turn, so that no client waits behind another's queue. (cockatiel's `bulkhead`
 * has one queue for all, and no limits per client.)
 */
import type { Client } from "./client.ts";
import { TooManyRequestsError, UnavailableError } from "./errors.ts";

export type Release = () => void;

/**
 * Milliseconds that a request waits, for the client's own earlier requests or for other clients' requests. A page sends up
 * to ten requests at a time, and on a busy evening the first four may take seconds.
 */
const waitTimeout_ms = 8000;

/** Requests that share slots: a client's, a network's, or all requests. */
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

/** The client's and its network's group, without the last one, which contains all requests. */
const own = (groups: Group[]) => groups.slice(0, -1);

export class ConcurrencyLimit {
  private readonly all: Group = { running: 0, waiting: 0, maxRunning: 32, maxWaiting: 1000 };
  private readonly groups = new Map<string, Group>();
  /** By client, least recently served first. */
  private readonly queues = new Map<string, Waiter[]>();

  /**
   * Takes a slot, waiting for the client's turn if none is free.
   * @returns a function that releases the slot, to be called when the computation has really ended
   * @throws TooManyRequestsError if the client has too many requests
   * @throws UnavailableError if there are too many in total
   * @throws the signal's reason if it aborts
   */
  enter(client: Client, signal: AbortSignal): Release | Promise<Release> {
    signal.throwIfAborted();
    const groups = this.groupsOf(client);
    if (hasSlot(groups)) return this.takeSlot(client, groups);
    if (!groups.some(isFull)) return this.wait(client, groups, signal);
    const error = refusal(groups);
    this.deleteIdleGroups(client);
    throw error;
  }

  private groupsOf({ key, network }: Client): Group[] {
    return [
      this.groupOf(key, 4, 32),
      // The 65,536 clients of a network belong to one site, or to one attacker.
      ...(network === undefined ? [] : [this.groupOf(network, 16, 128)]),
      this.all,
    ];
  }

  private groupOf(name: string, maxRunning: number, maxWaiting: number): Group {
    let group = this.groups.get(name);
    if (!group) this.groups.set(name, (group = { running: 0, waiting: 0, maxRunning, maxWaiting }));
    return group;
  }

  private deleteIdleGroups({ key, network }: Client): void {
    for (const name of [key, network]) {
      const group = name === undefined ? undefined : this.groups.get(name);
      if (name !== undefined && group?.running === 0 && group.waiting === 0) this.groups.delete(name);
    }
  }

  private takeSlot(client: Client, groups: Group[]): Release {
    for (const group of groups) group.running++;
    return () => {
      for (const group of groups) group.running--;
      this.startNext();
      this.deleteIdleGroups(client);
    };
  }

  private startNext(): void {
    for (const [key, queue] of this.queues) {
      const [first] = queue;
      if (!hasSlot([this.all])) return;
      if (!first || !hasSlot(first.groups)) continue;
      queue.shift();
      this.queues.delete(key);
      if (queue.length > 0) this.queues.set(key, queue);
      first.start();
    }
  }

  private wait(client: Client, groups: Group[], signal: AbortSignal): Promise<Release> {
    const { promise, resolve, reject } = Promise.withResolvers<Release>();
    const queue = this.queues.get(client.key) ?? [];
    this.queues.set(client.key, queue);
    const stopWaiting = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", leave);
      for (const group of groups) group.waiting--;
    };
    const waiter: Waiter = {
      groups,
      start: () => {
        stopWaiting();
        resolve(this.takeSlot(client, groups));
      },
    };
    const giveUp = (reason: unknown) => {
      queue.splice(queue.indexOf(waiter), 1);
      if (queue.length === 0) this.queues.delete(client.key);
      stopWaiting();
      this.deleteIdleGroups(client);
      reject(reason);
    };
    const leave = () => giveUp(signal.reason);
    const timer = setTimeout(() => giveUp(refusal(groups)), waitTimeout_ms);
    for (const group of groups) group.waiting++;
    queue.push(waiter);
    signal.addEventListener("abort", leave, { once: true });
    return promise;
  }
}

/** An error that names the cause: the client's own slots or queue are full, or the server is overloaded. */
function refusal(groups: Group[]): Error {
  const isOwn = !hasSlot(own(groups)) || own(groups).some(isFull);
  return isOwn
    ? new TooManyRequestsError("too many of your requests are being processed: wait for their responses, please")
    : new UnavailableError("too many requests are being processed at the moment");
}
