import type { ApiResponse } from "./compute.ts";

/** Responses that PostgreSQL has just given in place of Meilisearch, kept for a moment. */
export class Fallbacks {
  /** By name, in the order in which they end. */
  readonly #responses = new Map<string, { response: ApiResponse; ends_ms: number }>();
  readonly #lifetime_ms: number;

  /** @param lifetime_ms milliseconds that a response is kept */
  constructor(lifetime_ms: number) {
    this.#lifetime_ms = lifetime_ms;
  }

  get(name: string): ApiResponse | undefined {
    this.#dropEnded();
    return this.#responses.get(name)?.response;
  }

  /** Keeps the response if it is one of these. */
  keep(name: string, response: ApiResponse): void {
    if (!("entry" in response) || !response.isFallback) return;
    this.#dropEnded();
    this.#responses.delete(name);
    this.#responses.set(name, { response, ends_ms: performance.now() + this.#lifetime_ms });
  }

  clear(): void {
    this.#responses.clear();
  }

  #dropEnded(): void {
    const now_ms = performance.now();
    for (const [name, { ends_ms }] of this.#responses) {
      if (ends_ms > now_ms) return;
      this.#responses.delete(name);
    }
  }
}
