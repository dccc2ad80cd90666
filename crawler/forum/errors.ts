/** What can go wrong with the forum, and whom it ends. */
import { TooLarge } from "./body.ts";

/** What the forum may refuse by itself: the kinds of addresses that are asked for. */
export type Part = "list of boards" | "boards" | "threads" | "tags" | "profiles";

/** The forum cannot be reached at all: nothing has worked in this run. Ends the crawl. */
export class ForumUnreachable extends Error {
  override name = "ForumUnreachable";
}

/** The forum answers, but nothing that can be read, also after a while. Ends what needs these documents. */
export class ForumRefuses extends Error {
  override name = "ForumRefuses";
  constructor(
    message: string,
    readonly part: Part,
  ) {
    super(message);
  }
}

/** One document cannot be had, after all retries: a failure of that one thread, board or profile. */
export class Unreadable extends Error {
  override name = "Unreadable";
  constructor(
    message: string,
    /** The bytes, where there were any, to be kept for inspection. */
    readonly bytes: Uint8Array | null = null,
  ) {
    super(message);
  }
}

/** A well-formed document that is no answer to what was asked. Another try gives the same. */
export class Unexpected extends Unreadable {}

/** What another try may mend. */
export class Transient extends Error {
  readonly wait_ms: number | null;
  readonly bytes: Uint8Array | null;
  /** The forum answered, however badly: it is not down. */
  readonly answered: boolean;
  /** The forum asks everybody to wait, not only this request. */
  readonly busy: boolean;
  /** Something answered, if only with the status of an error. */
  readonly hasStatus: boolean;
  constructor(
    message: string,
    about: {
      wait_ms?: number | null;
      bytes?: Uint8Array;
      answered?: boolean;
      busy?: boolean;
      hasStatus?: boolean;
    } = {},
  ) {
    super(message);
    this.wait_ms = about.wait_ms ?? null;
    this.bytes = about.bytes ?? null;
    this.answered = about.answered ?? false;
    this.busy = about.busy ?? false;
    this.hasStatus = about.hasStatus ?? this.answered;
  }
}

/** What went wrong on the way, as something that another try may mend. */
export function transient(error: unknown): Transient {
  if (error instanceof Transient) return error;
  if (error instanceof TooLarge) return new Transient(error.message, { answered: true });
  const { name, code, message } = error as { name?: string; code?: string; message?: string };
  return new Transient(name === "TimeoutError" ? "no answer in time" : (code ?? message ?? String(error)));
}
