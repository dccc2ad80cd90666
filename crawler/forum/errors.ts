/** Errors of the forum, and what each of them ends. */
import { TooLargeError } from "./body.ts";

/** A kind of page that the forum may refuse independently of the others. */
export type Part = "list of boards" | "boards" | "threads" | "tags" | "profiles";

/** The forum has not responded once in this run. Ends the crawl. */
export class ForumUnreachableError extends Error {
  override name = "ForumUnreachableError";
}

/** The forum responds, but with nothing readable, and waiting did not help. Ends all work on this kind of page. */
export class ForumRefusesError extends Error {
  override name = "ForumRefusesError";
  constructor(
    message: string,
    readonly part: Part,
  ) {
    super(message);
  }
}

/** One document cannot be read, after all retries: a failure of that one thread, board or profile. */
export class UnreadableError extends Error {
  override name = "UnreadableError";
  constructor(
    message: string,
    /** The response's bytes, if there were any, to be kept for inspection. */
    readonly bytes: Uint8Array | null = null,
  ) {
    super(message);
  }
}

/** A well-formed document that is not the one requested. A retry would return the same. */
export class UnexpectedDocumentError extends UnreadableError {}

/** A failure that a retry may overcome. */
export class TransientError extends Error {
  /** From the Retry-After header; null if there is none. */
  readonly wait_ms: number | null;
  readonly bytes: Uint8Array | null;
  /** Whether the forum itself responded, however badly: it is not down. */
  readonly answered: boolean;
  /** Whether the forum is rate-limiting: all requests wait, not only this one. */
  readonly busy: boolean;
  /** Whether there was any response, even one with an error status. */
  readonly hasStatus: boolean;
  constructor(
    message: string,
    details: {
      wait_ms?: number | null;
      bytes?: Uint8Array;
      answered?: boolean;
      busy?: boolean;
      hasStatus?: boolean;
    } = {},
  ) {
    super(message);
    this.wait_ms = details.wait_ms ?? null;
    this.bytes = details.bytes ?? null;
    this.answered = details.answered ?? false;
    this.busy = details.busy ?? false;
    this.hasStatus = details.hasStatus ?? this.answered;
  }
}

/** Wraps any error of a request as a TransientError. */
export function transient(error: unknown): TransientError {
  if (error instanceof TransientError) return error;
  if (error instanceof TooLargeError) return new TransientError(error.message, { answered: true });
  const { name, code, message } = error as { name?: string; code?: string; message?: string };
  return new TransientError(name === "TimeoutError" ? "timed out" : (code ?? message ?? String(error)));
}
