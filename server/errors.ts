/** What can go wrong, and which status says so: the only place that decides. */
import type { z } from "@hono/zod-openapi";

/** The request asks for something that does not exist or makes no sense. */
export class BadRequest extends Error {
  override name = "BadRequest";
}

/** A store that the answer needs is down. */
export class Unavailable extends Error {
  override name = "Unavailable";
}

/** Seconds after which a client may try again. */
export const retryAfter_s = 5;

/** Codes of postgres.js and PostgreSQL that mean "not now": connection lost or refused, shutting down, too many clients, cancelled by us. */
const unavailable = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|CONNECT|CONNECTION_|57P0|57014|53300|08)/;
/** The derived tables are missing: nothing was migrated, or they were just dropped. */
const missing = new Set(["42P01", "3F000"]);

export interface Failure {
  status: 400 | 500 | 503;
  message: string;
}

/** The status and message for an error; details of ours never leave the server. */
export function failureOf(error: unknown): Failure {
  if (error instanceof BadRequest) return { status: 400, message: error.message };
  if (error instanceof Unavailable) return { status: 503, message: error.message };
  const code = String((error as { code?: unknown } | null)?.code ?? "");
  if (unavailable.test(code)) return { status: 503, message: "the database cannot be reached at the moment" };
  if (missing.has(code))
    return {
      status: 503,
      message: "the tables are missing: the operator has to run `bun run db migrate` and `bun run analyze`",
    };
  return { status: 500, message: "something went wrong on the server" };
}

/** One sentence for a request that does not fit its schema. */
export function explain(error: z.core.$ZodError): string {
  return error.issues
    .map((issue) => {
      const name = issue.path.join(".");
      const isMissing = issue.code === "invalid_type" && issue.input === undefined;
      return isMissing ? `parameter ${name} is missing` : `parameter ${name}: ${issue.message}`;
    })
    .join("; ");
}
