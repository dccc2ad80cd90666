/** A store in Redis, for Bun's client or any other with these methods. */
import type { Store } from "./store.ts";

export interface RedisLike {
  getBuffer(key: string): Promise<Uint8Array | null>;
  set(key: string, value: Uint8Array, option: "EX", seconds: number): Promise<unknown>;
  send(command: string, args: string[]): Promise<unknown>;
  close(): void;
}

export const redisStore = (client: RedisLike): Store => ({
  name: "redis",
  get: async (key) => {
    const bytes = await client.getBuffer(key);
    return bytes ? new Uint8Array(bytes) : undefined;
  },
  set: async (key, value, ttl_s) => void (await client.set(key, value, "EX", ttl_s)),
  send: (command, args) => client.send(command, args),
  close: () => client.close(),
});
