/** The server's errors. Only this file maps an error to a status and a message. */
import type { z } from "@hono/zod-openapi";
import { isBrokenCircuitError, isTaskCancelledError } from "cockatiel";
import { errorResponse, type PlainResponse } from "./response.ts";

/**
 * The request is invalid, or a filter names something that does not exist: 400 as in potstats2, which keeps 404 for
 * unknown paths.
 */
export class BadRequestError extends Error {
  override name = "BadRequestError";
}

/** The resource that the whole request is about does not exist: 404. */
export class NotFoundError extends Error {
  override name = "NotFoundError";
}

/** A service that the response requires is down or overloaded. */
export class UnavailableError extends Error {
  override name = "UnavailableError";
}

/** The client sends more requests than it may. */
export class TooManyRequestsError extends Error {
  override name = "TooManyRequestsError";
}

/** Seconds after which a client may retry. */
export const retryAfter_s = 5;

/** Codes of postgres.js, PostgreSQL and TLS for a connection that is broken or cannot be opened. */
const connectionCodes =
  /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|CONNECT|CONNECTION_|57P0|08|ERR_TLS|ERR_SSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_)/;
/** Too many clients, out of memory, disk full: usually temporary. */
const resourceCodes = /^53/;
/** PostgreSQL ended the query by `statement_timeout`. */
const queryCanceled = "57014";
/**
 * Missing tables, columns, schemas or text search objects: nothing has been migrated, analyzed or indexed yet, or the
 * schema is from an older version.
 */
const undefinedObjectCodes = new Set(["42P01", "42703", "3F000", "42704"]);

const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? "");

/** Whether the database is unreachable. Any error that PostgreSQL itself reports shows that it is reachable. */
export const isConnectionError = (error: unknown): boolean => connectionCodes.test(codeOf(error));

/** Whether the database is unreachable, or was when another query found out. */
export const isUnreachable = (error: unknown): boolean => isConnectionError(error) || isBrokenCircuitError(error);

interface Failure {
  status: 400 | 404 | 429 | 500 | 503;
  message: string;
}

/** An error's status and message; details of unexpected errors are never exposed. */
export function failureOf(error: unknown): Failure {
  if (error instanceof BadRequestError) return { status: 400, message: error.message };
  if (error instanceof NotFoundError) return { status: 404, message: error.message };
  if (error instanceof TooManyRequestsError) return { status: 429, message: error.message };
  if (error instanceof UnavailableError) return { status: 503, message: error.message };
  if (error instanceof Error && error.name === "AbortError") return { status: 503, message: "the request was aborted" };
  const code = codeOf(error);
  if (isTaskCancelledError(error) || code === queryCanceled)
    return { status: 503, message: "the response took too long" };
  if (isUnreachable(error) || resourceCodes.test(code)) {
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

/** The error response, with Retry-After where retrying may help. */
export function responseToError(error: unknown): PlainResponse {
  const { status, message } = failureOf(error);
  const wait_s = { 429: 1, 503: retryAfter_s, 400: undefined, 404: undefined, 500: undefined }[status];
  return errorResponse(status, message, wait_s === undefined ? {} : { "Retry-After": String(wait_s) });
}

/** One sentence about an invalid query: which parameters are wrong, and what is expected. */
export function explain(error: z.core.$ZodError, query: Record<string, string>): string {
  const sentences = error.issues.map(({ path, message }) => {
    const name = path.join(".");
    return query[name] === undefined ? `parameter ${name} is missing: it ${message}` : `parameter ${name} ${message}`;
  });
  return [...new Set(sentences)].join("; ");
}
