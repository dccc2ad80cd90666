/** Decides whether a document is unreadable because it is bad, or because the forum refuses that kind of page. */
import { ForumRefusesError, type Part, transient, UnreadableError } from "./errors.ts";

/** How to request a document, and how to parse it. */
export interface DocumentRequest<T> {
  part: Part;
  /** For messages. */
  name: string;
  address: string;
  /** @throws BrokenDocumentError, UnexpectedDocumentError */
  read: (bytes: Uint8Array) => T;
}

/** What is known about a part of the forum. */
export interface PartState {
  /** The last two readable documents. They are the controls: requested again to test for a refusal. */
  readable: DocumentRequest<unknown>[];
  /** Number of unreadable documents since then. */
  unreadable_count: number;
  /** Pending while a refusal is being tested and waited out. Resolves to whether there was one, which has ended. */
  verdict: Promise<boolean> | null;
  refused: ForumRefusesError | null;
  /** Number of refusals that have ended. */
  refusal_count: number;
}

export interface RefusalOptions {
  /** Requests a document once and remembers it if it could be read. */
  attempt<T>(request: DocumentRequest<T>): Promise<T>;
  /** Pages of a few other threads that could be read before, of the same form. */
  knownPages(tid: number, form: Form): Promise<DocumentRequest<unknown>[]>;
  /** The waits between two tests of a forum that refuses. */
  waits_ms(): number[];
  /** Delays all requests to the document's host. */
  pause(request: DocumentRequest<unknown>, wait_ms: number): void;
  signal: AbortSignal;
  note: (message: string) => void;
}

/** Without a control, this many unreadable documents in a row count as a refusal. */
const maxUnreadable = 5;

/** A thread's first page, a later one, or the page of a post. */
export type Form = "first" | "later" | "post";

/** A forum may refuse one form of address and serve another, so a page is a control only for its own form. */
function formOf(address: string): Form {
  const { searchParams } = new URL(address);
  if (searchParams.has("PID")) return "post";
  return Number(searchParams.get("page") ?? 1) > 1 ? "later" : "first";
}

export class Refusals {
  readonly #parts = new Map<string, PartState>();

  constructor(readonly options: RefusalOptions) {}

  stateOf({ part, address }: { part: Part; address: string }): PartState {
    const key = `${part} ${formOf(address)}`;
    let state = this.#parts.get(key);
    if (!state) {
      state = { readable: [], unreadable_count: 0, verdict: null, refused: null, refusal_count: 0 };
      this.#parts.set(key, state);
    }
    return state;
  }

  /** Records a document that could be read. */
  remember(request: DocumentRequest<unknown>): void {
    const state = this.stateOf(request);
    state.unreadable_count = 0;
    if (state.readable[0]?.address !== request.address) state.readable = [request, ...state.readable.slice(0, 1)];
  }

  /**
   * Whether a document was unreadable because of a refusal that has ended since. The controls, documents that
   * could be read before, are requested again: if one can be read, there is no refusal. Without a control,
   * {@link maxUnreadable} unreadable documents in a row decide.
   * @throws ForumRefusesError if the forum still refuses after all waits
   */
  async wasRefused<T>(request: DocumentRequest<T>, failure: UnreadableError): Promise<boolean> {
    const state = this.stateOf(request);
    state.unreadable_count++;
    state.verdict ??= this.#judge(request, failure).finally(() => {
      state.verdict = null;
    });
    return state.verdict;
  }

  async #judge<T>(request: DocumentRequest<T>, failure: UnreadableError): Promise<boolean> {
    const state = this.stateOf(request);
    const others = state.readable.filter(({ address }) => address !== request.address);
    const controls = others.length > 0 ? others : await this.#knownDocuments(request);
    for (const control of controls) if (await this.#canBeRead(control)) return false;
    if (controls.length === 0 && state.unreadable_count < maxUnreadable) {
      const control = this.#documentOfHost(new URL(request.address));
      if (!control || (await this.#canBeRead(control))) return false;
    }
    await this.#waitForPermission(controls[0] ?? request, failure);
    return true;
  }

  /** Controls from earlier runs, for use until this run has read a document of the same part and form. */
  async #knownDocuments({ part, address }: DocumentRequest<unknown>): Promise<DocumentRequest<unknown>[]> {
    if (part !== "threads") return [];
    return this.options.knownPages(Number(new URL(address).searchParams.get("TID")), formOf(address));
  }

  /** The last readable document of a host, from any part. */
  #documentOfHost(url: URL): DocumentRequest<unknown> | null {
    const latest = [...this.#parts.values()].flatMap(({ readable }) => readable.slice(0, 1));
    return latest.find(({ address }) => new URL(address).host === url.host) ?? null;
  }

  async #canBeRead(request: DocumentRequest<unknown>): Promise<boolean> {
    try {
      await this.options.attempt(request);
      return true;
    } catch (error) {
      const { signal } = this.options;
      if (signal.aborted && error === signal.reason) throw error;
      return false;
    }
  }

  /** Waits as after status 429, and tries a document after each wait. @throws ForumRefusesError */
  async #waitForPermission(request: DocumentRequest<unknown>, failure: UnreadableError): Promise<void> {
    const { signal, note } = this.options;
    const { part } = request;
    const { host } = new URL(request.address);
    const waits_ms = this.options.waits_ms();
    const begun_ms = performance.now();
    for (let at = 0; at < waits_ms.length;) {
      const wait_ms = waits_ms[at] ?? 0;
      note(`${host} refuses ${part} (${failure.message}); waiting ${Math.ceil(wait_ms / 1000)} s`);
      this.options.pause(request, wait_ms);
      try {
        await this.options.attempt(request);
        note(`${host} answers again`);
        this.stateOf(request).refusal_count++;
        return;
      } catch (error) {
        if (signal.aborted && error === signal.reason) throw error;
        const problem = error instanceof UnreadableError ? null : transient(error);
        if (problem?.wait_ms) this.options.pause(request, problem.wait_ms);
        // A host that is down does not refuse anything.
        if (!problem || problem.hasStatus) at++;
      }
    }
    const waited_s = Math.round((performance.now() - begun_ms) / 1000);
    const refused = new ForumRefusesError(
      `${host} refuses ${part}: ${failure.message}; it has for ${waited_s} s. Nothing is lost: run it again later`,
      part,
    );
    throw (this.stateOf(request).refused = refused);
  }
}
