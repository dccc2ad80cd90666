/** What can go wrong, and which status says so: the only place that decides. */
import type { z } from "@hono/zod-openapi";
import { failure, type Reply } from "./reply.ts";

/** The request asks for something that does not exist or makes no sense. */
export class BadRequest extends Error {
  override name = "BadRequest";
}

/** A store that the answer needs is down. */
export class Unavailable extends Error {
  override name = "Unavailable";
}

/** The client asks for more at a time than it may. */
export class TooMany extends Error {
  override name = "TooMany";
}

/** Seconds after which a client may try again. */
export const retryAfter_s = 5;

/** Codes of postgres.js and PostgreSQL that mean that there is no connection, or none any more. */
const lost = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|CONNECT|CONNECTION_|57P0|08)/;
/** Too many clients, out of memory, disk full: it may pass. */
const exhausted = /^53/;
/** Cancelled, by us after its time: guarded-sql.ts. */
const cancelled = "57014";
/** Tables, columns, or what the search keeps beside them, are missing: nothing was migrated, analysed or indexed yet, or by an older version. */
const missing = new Set(["42P01", "42703", "3F000", "42704"]);

export const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? "");

/** Whether the database is gone, rather than unwilling. */
export const isLost = (error: unknown): boolean => lost.test(codeOf(error));

export interface Failure {
  status: 400 | 429 | 500 | 503;
  message: string;
}

/** The status and message for an error; details of ours never leave the server. */
export function failureOf(error: unknown): Failure {
  if (error instanceof BadRequest) return { status: 400, message: error.message };
  if (error instanceof TooMany) return { status: 429, message: error.message };
  if (error instanceof Unavailable) return { status: 503, message: error.message };
  if (error instanceof Error && error.name === "AbortError")
    return { status: 503, message: "the request was given up" };
  const code = codeOf(error);
  if (lost.test(code) || exhausted.test(code)) {
    return { status: 503, message: "the database cannot be reached at the moment" };
  }
  if (code === cancelled) return { status: 503, message: "the answer took too long" };
  if (missing.has(code)) {
    return {
      status: 503,
      message: "there is nothing yet: the operator has to run `bun run db migrate` and `bun run update`",
    };
  }
  return { status: 500, message: "something went wrong on the server" };
}

/** The reply for an error. */
export function replyTo(error: unknown): Reply {
  const { status, message } = failureOf(error);
  const wait_s = { 429: 1, 503: retryAfter_s, 400: undefined, 500: undefined }[status];
  return failure(status, message, wait_s === undefined ? {} : { "Retry-After": String(wait_s) });
}

/** One sentence for a request that does not fit its schema: what is wrong, and what would be right. */
export function explain(error: z.core.$ZodError, asked: Record<string, string>): string {
  const sentences = error.issues.map(({ path, message }) => {
    const name = path.join(".");
    return asked[name] === undefined ? `parameter ${name} is missing: it ${message}` : `parameter ${name} ${message}`;
  });
  return [...new Set(sentences)].join("; ");
}
