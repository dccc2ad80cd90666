import { setTimeout as sleep } from "node:timers/promises";
import type { ApiResponse } from "./compute.ts";

/** Responses that PostgreSQL has just given in place of Meilisearch, kept for a moment. */
export class Fallbacks {
  private readonly responses = new Map<string, ApiResponse>();

  /** @param lifetime_ms milliseconds that a response is kept */
  constructor(private readonly lifetime_ms: number) {}

  get(name: string): ApiResponse | undefined {
    return this.responses.get(name);
  }

  /** Keeps the response if it is one of these. */
  keep(name: string, response: ApiResponse): void {
    if (!("entry" in response) || !response.isFallback) return;
    this.responses.set(name, response);
    void sleep(this.lifetime_ms, null, { ref: false }).then(() => this.responses.delete(name));
  }

  clear(): void {
    this.responses.clear();
  }
}
