/** Redis over TCP, for runtimes other than Bun, which has a client of its own. */
import { createClient, RESP_TYPES } from "@redis/client";
import type { RedisLike } from "@potstats/server/cache/redis";

/** Milliseconds between attempts to connect. */
const retry_ms = 1000;

/** A client that rejects calls while disconnected, and reconnects indefinitely. */
export function connectRedis(url: string): RedisLike {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: 2000, reconnectStrategy: () => retry_ms },
  });
  const bytes = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  // The cache reports failed calls.
  client.on("error", () => {});
  client.connect().catch(() => {});
  return {
    getBuffer: (key) => bytes.get(key),
    set: (key, value, _, seconds) =>
      client.set(key, Buffer.from(value), { expiration: { type: "EX", value: seconds } }),
    send: (command, args) => client.sendCommand([command, ...args]),
    close: () => client.destroy(),
  };
}
