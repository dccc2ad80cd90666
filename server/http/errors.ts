/** The errors of the server, and the status and message with which each is answered: decided here and nowhere else. */
import type { z } from "@hono/zod-openapi";
import { isBrokenCircuitError, isTaskCancelledError } from "cockatiel";
import { errorResponse, type PlainResponse } from "./response.ts";

/** The request names something that does not exist, or makes no sense. */
export class BadRequestError extends Error {
  override name = "BadRequestError";
}

/** A service that the answer needs is down or overloaded. */
export class UnavailableError extends Error {
  override name = "UnavailableError";
}

/** The client sends more requests than it may. */
export class TooManyRequestsError extends Error {
  override name = "TooManyRequestsError";
}

/** Seconds after which a client may retry. */
export const retryAfter_s = 5;

/** Codes of postgres.js and PostgreSQL for a connection that cannot be opened, or broke. */
const connectionCodes = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|CONNECT|CONNECTION_|57P0|08)/;
/** Too many clients, out of memory, disk full: it may pass. */
const resourceCodes = /^53/;
/** PostgreSQL ended the query by `statement_timeout`. */
const queryCanceled = "57014";
/** Missing tables, columns, schemas or text search objects: nothing was migrated, analyzed or indexed yet, or by an older version. */
const undefinedObjectCodes = new Set(["42P01", "42703", "3F000", "42704"]);

const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? "");

/** Whether the database cannot be reached; an error that PostgreSQL reports shows that it can. */
export const isConnectionError = (error: unknown): boolean => connectionCodes.test(codeOf(error));

interface Failure {
  status: 400 | 429 | 500 | 503;
  message: string;
}

/** The status and message for an error; details of unexpected errors are never shown. */
export function failureOf(error: unknown): Failure {
  if (error instanceof BadRequestError) return { status: 400, message: error.message };
  if (error instanceof TooManyRequestsError) return { status: 429, message: error.message };
  if (error instanceof UnavailableError) return { status: 503, message: error.message };
  if (error instanceof Error && error.name === "AbortError") return { status: 503, message: "the request was aborted" };
  const code = codeOf(error);
  if (isTaskCancelledError(error) || code === queryCanceled)
    return { status: 503, message: "the answer took too long" };
  if (isBrokenCircuitError(error) || isConnectionError(error) || resourceCodes.test(code)) {
    return { status: 503, message: "the database cannot be reached at the moment" };
  }
  if (undefinedObjectCodes.has(code)) {
    return {
      status: 503,
      message: "there is no data yet: the operator has to run `bun run db migrate` and `bun run update`",
    };
  }
  return { status: 500, message: "something went wrong on the server" };
}

/** The reply for an error. */
export function responseToError(error: unknown): PlainResponse {
  const { status, message } = failureOf(error);
  const wait_s = { 429: 1, 503: retryAfter_s, 400: undefined, 500: undefined }[status];
  return errorResponse(status, message, wait_s === undefined ? {} : { "Retry-After": String(wait_s) });
}

/** One sentence for a query that does not fit its schema: what is wrong, and what would be right. */
export function explain(error: z.core.$ZodError, query: Record<string, string>): string {
  const sentences = error.issues.map(({ path, message }) => {
    const name = path.join(".");
    return query[name] === undefined ? `parameter ${name} is missing: it ${message}` : `parameter ${name} ${message}`;
  });
  return [...new Set(sentences)].join("; ");
}
