/** What can go wrong with the forum, and what each error ends. */
import { TooLarge } from "./body.ts";

/** A kind of address that the forum may refuse by itself. */
export type Part = "list of boards" | "boards" | "threads" | "tags" | "profiles";

/** The forum has not answered once in this run. Ends the crawl. */
export class ForumUnreachable extends Error {
  override name = "ForumUnreachable";
}

/** The forum answers, but with nothing readable, and waiting did not help. Ends whatever needs these documents. */
export class ForumRefuses extends Error {
  override name = "ForumRefuses";
  constructor(
    message: string,
    readonly part: Part,
  ) {
    super(message);
  }
}

/** One document cannot be read, after all retries: a failure of that one thread, board or profile. */
export class Unreadable extends Error {
  override name = "Unreadable";
  constructor(
    message: string,
    /** The response's bytes, if there were any, to be kept for inspection. */
    readonly bytes: Uint8Array | null = null,
  ) {
    super(message);
  }
}

/** A well-formed document that is not the one requested. A retry would return the same. */
export class Unexpected extends Unreadable {}

/** A failure that a retry may overcome. */
export class Transient extends Error {
  /** As the forum's Retry-After asks. */
  readonly wait_ms: number | null;
  readonly bytes: Uint8Array | null;
  /** Whether the forum itself answered, however badly: it is not down. */
  readonly answered: boolean;
  /** Whether the forum asks for fewer requests: all of them wait, not only this one. */
  readonly busy: boolean;
  /** Whether anything answered, if only with an error status. */
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

/** Any error of a request, as a transient one. */
export function transient(error: unknown): Transient {
  if (error instanceof Transient) return error;
  if (error instanceof TooLarge) return new Transient(error.message, { answered: true });
  const { name, code, message } = error as { name?: string; code?: string; message?: string };
  return new Transient(name === "TimeoutError" ? "timed out" : (code ?? message ?? String(error)));
}
