/**
 * So many answers computed at a time for each client, and for all together. Whoever asks for more waits for a moment in a
 * queue of the client's own; free slots go to the clients in turn, so that nobody waits behind another one's queue.
 */
import type { Client } from "./client.ts";
import { TooMany, Unavailable } from "./errors.ts";

export type Release = () => void;

export interface ConcurrencyLimit {
  /**
   * Takes a slot: at once where one is free, else when it is the client's turn.
   * @returns gives the slot back; to be called when the computation has really ended
   * @throws TooMany when the client has too many, Unavailable when all together have; the signal's reason
   */
  enter(client: Client, signal: AbortSignal): Release | Promise<Release>;
}

/** Milliseconds that a request waits for an earlier one of its client's; and for other clients', which it cannot help. */
const patience_ms = { own: 1000, all: 5000 };

/** Who shares a number of slots. */
interface Group {
  running: number;
  waiting: number;
  readonly mostRunning: number;
  readonly mostWaiting: number;
}

interface Waiter {
  groups: Group[];
  start(): void;
}

const isFree = (groups: Group[]) => groups.every(({ running, mostRunning }) => running < mostRunning);

/** Without the one that everybody shares. */
const own = (groups: Group[]) => groups.slice(0, -1);

export function createConcurrencyLimit(): ConcurrencyLimit {
  const all: Group = { running: 0, waiting: 0, mostRunning: 32, mostWaiting: 1000 };
  const groups = new Map<string, Group>();
  /** By client; who was served last comes last. */
  const queues = new Map<string, Waiter[]>();

  function groupOf(name: string, mostRunning: number, mostWaiting: number): Group {
    let group = groups.get(name);
    if (!group) groups.set(name, (group = { running: 0, waiting: 0, mostRunning, mostWaiting }));
    return group;
  }

  /** Who does nothing any more is forgotten. */
  function forgetIdle({ key, network }: Client): void {
    for (const name of [key, network]) {
      const group = name === undefined ? undefined : groups.get(name);
      if (name !== undefined && group?.running === 0 && group.waiting === 0) groups.delete(name);
    }
  }

  function take(client: Client, shared: Group[]): Release {
    for (const group of shared) group.running++;
    return () => {
      for (const group of shared) group.running--;
      startNext();
      forgetIdle(client);
    };
  }

  function startNext(): void {
    for (const [key, queue] of queues) {
      const [first] = queue;
      if (all.running >= all.mostRunning) return;
      if (!first || !isFree(first.groups)) continue;
      queue.shift();
      queues.delete(key);
      if (queue.length > 0) queues.set(key, queue);
      first.start();
    }
  }

  function wait(client: Client, shared: Group[], signal: AbortSignal): Promise<Release> {
    const { promise, resolve, reject } = Promise.withResolvers<Release>();
    const queue = queues.get(client.key) ?? [];
    queues.set(client.key, queue);
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", leave);
      for (const group of shared) group.waiting--;
    };
    const waiter: Waiter = {
      groups: shared,
      start: () => {
        end();
        resolve(take(client, shared));
      },
    };
    const giveUp = (reason: unknown) => {
      queue.splice(queue.indexOf(waiter), 1);
      if (queue.length === 0) queues.delete(client.key);
      end();
      forgetIdle(client);
      reject(reason);
    };
    const leave = () => giveUp(signal.reason);
    let timer = setTimeout(() => {
      if (!isFree(own(shared))) return giveUp(refusal(shared));
      timer = setTimeout(() => giveUp(refusal(shared)), patience_ms.all - patience_ms.own);
    }, patience_ms.own);
    for (const group of shared) group.waiting++;
    queue.push(waiter);
    signal.addEventListener("abort", leave, { once: true });
    return promise;
  }

  return {
    enter(client, signal) {
      signal.throwIfAborted();
      const shared = [
        groupOf(client.key, 4, 32),
        // A network of 65,536 clients is one site's, or one attacker's.
        ...(client.network === undefined ? [] : [groupOf(client.network, 16, 128)]),
        all,
      ];
      if (isFree(shared)) return take(client, shared);
      if (shared.every(({ waiting, mostWaiting }) => waiting < mostWaiting)) return wait(client, shared, signal);
      const refused = refusal(shared);
      forgetIdle(client);
      throw refused;
    },
  };
}

/** The client's own fault where it has no slot left, or no place to wait. */
function refusal(shared: Group[]): Error {
  const isOwn = !isFree(own(shared)) || own(shared).some(({ waiting, mostWaiting }) => waiting >= mostWaiting);
  return isOwn
    ? new TooMany("too many answers are being computed for you: wait for the earlier ones, please")
    : new Unavailable("too much is asked at once");
}
