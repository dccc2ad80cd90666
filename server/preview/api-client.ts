/** Asks the API from within the server, for what it shows of itself: through its cache, and within its limits. */
import { hc } from "hono/client";
import type { App } from "../routes/index.ts";

/** @param respond answers a path with its query, as the API would answer the client that asks for the page */
export const apiClientOf = (respond: (target: string) => Promise<Response>) =>
  hc<App>("http://localhost/", {
    fetch: (input: Parameters<typeof fetch>[0]) => {
      const { pathname, search } = new URL(String(input));
      return respond(pathname + search);
    },
  }).api;

export type ApiClient = ReturnType<typeof apiClientOf>;
