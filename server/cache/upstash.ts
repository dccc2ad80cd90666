/** A store in Upstash Redis, over HTTP; values are sent as base64. */
import { Redis } from "@upstash/redis";
import type { Store } from "./store.ts";

/** @param timeout_ms milliseconds before a call times out; calls are not retried */
export function upstashStore(url: string, token: string, timeout_ms: number): Store {
  const client = new Redis({
    url,
    token,
    // `retry: false` would still retry once.
    retry: { retries: 0 },
    signal: () => AbortSignal.timeout(timeout_ms),
    // Values are base64 already.
    responseEncoding: false,
    automaticDeserialization: false,
    enableTelemetry: false,
  });
  // Servers that reach the same Redis over TCP keep bytes under the plain key.
  const named = (key: string) => `${key}:base64`;
  return {
    name: "upstash",
    get: async (key) => {
      const text = await client.get<string>(named(key));
      return text === null ? undefined : Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    },
    set: async (key, value, ttl_s) => {
      let text = "";
      for (let at = 0; at < value.length; at += 8192) text += String.fromCharCode(...value.subarray(at, at + 8192));
      await client.set(named(key), btoa(text), { ex: ttl_s });
    },
    send: (command, args) => client.exec([command, ...args]),
    close: () => {},
  };
}
