/** Who is to blame for a document that cannot be read: the document itself, or the forum, which refuses a part of itself. */
import { ForumRefuses, type Part, transient, Unreadable } from "./errors.ts";

/** How to ask for a document. */
export interface Question<T> {
  part: Part;
  what: string;
  address: string;
  /** @throws BrokenDocument, Unexpected */
  read: (bytes: Uint8Array) => T;
}

/** What is known of a part of the forum. */
export interface PartState {
  /** The last two documents that could be read. */
  readable: Question<unknown>[];
  /** Documents since then that could not. */
  unreadable: number;
  /** Set while somebody finds out whether the forum refuses this part, and waits: whether it did, and no longer does. */
  verdict: Promise<boolean> | null;
  refused: ForumRefuses | null;
  /** Times that it refused for a while. */
  refusals: number;
}

export interface RefusalOptions {
  /** Asks for a document once, and remembers it when it could be read. */
  attempt<T>(question: Question<T>): Promise<T>;
  /** A page of another thread, that could be read before; null where there is none. */
  knownPage(tid: number): Promise<Question<unknown> | null>;
  /** The waits after which a forum that refuses is asked again. */
  waits_ms(): number[];
  /** Lets no request to the document's host start for a while. */
  pause(question: Question<unknown>, wait_ms: number): void;
  signal: AbortSignal;
  note: (message: string) => void;
}

export interface Refusals {
  stateOf(question: Pick<Question<unknown>, "part" | "address">): PartState;
  /** A document could be read. */
  remember(question: Question<unknown>): void;
  /**
   * Whether the forum, and not the document, is to blame for one that cannot be read, and no longer refuses. What could be
   * read before tells: it is asked for again. Where there is no such document, {@link mostUnreadable} in a row do.
   * @throws ForumRefuses when it still refuses after a while
   */
  wasRefused(question: Question<unknown>, failed: Unreadable): Promise<boolean>;
}

/** Unreadable documents in a row that are the forum's trouble, where nothing else tells. */
const mostUnreadable = 5;

/** A forum may refuse pages by one form of address and give those by another: one is no control for the other. */
function formOf(address: string): "first" | "later" | "post" {
  const { searchParams } = new URL(address);
  if (searchParams.has("PID")) return "post";
  return Number(searchParams.get("page") ?? 1) > 1 ? "later" : "first";
}

export function createRefusals(options: RefusalOptions): Refusals {
  const { attempt, signal, note } = options;
  const parts = new Map<string, PartState>();

  function stateOf({ part, address }: { part: Part; address: string }): PartState {
    const name = `${part} ${formOf(address)}`;
    let state = parts.get(name);
    if (!state) parts.set(name, (state = { readable: [], unreadable: 0, verdict: null, refused: null, refusals: 0 }));
    return state;
  }

  function remember(question: Question<unknown>): void {
    const state = stateOf(question);
    state.unreadable = 0;
    if (state.readable[0]?.address !== question.address) state.readable = [question, ...state.readable.slice(0, 1)];
  }

  async function wasRefused<T>(question: Question<T>, failed: Unreadable): Promise<boolean> {
    const state = stateOf(question);
    state.unreadable++;
    state.verdict ??= judge(question, failed).finally(() => {
      state.verdict = null;
    });
    return state.verdict;
  }

  async function judge<T>(question: Question<T>, failed: Unreadable): Promise<boolean> {
    const state = stateOf(question);
    const own = state.readable.find(({ address }) => address !== question.address) ?? (await knownDocument(question));
    const control = own ?? documentOf(new URL(question.address));
    const isReadable = control !== null && (await isAnswered(control));
    if (isReadable && own) return false;
    if ((isReadable || !control) && state.unreadable < mostUnreadable) return false;
    await waitForPermission(own ?? question, failed);
    return true;
  }

  /** Where no document of a part has been read in this run. */
  async function knownDocument({ part, address }: Question<unknown>): Promise<Question<unknown> | null> {
    if (part !== "threads" || formOf(address) !== "first") return null;
    return options.knownPage(Number(new URL(address).searchParams.get("TID")));
  }

  /** The last document of the host that could be read, of whatever part. */
  function documentOf(url: URL): Question<unknown> | null {
    const all = [...parts.values()].flatMap(({ readable }) => readable.slice(0, 1));
    return all.find(({ address }) => new URL(address).host === url.host) ?? null;
  }

  async function isAnswered(question: Question<unknown>): Promise<boolean> {
    try {
      await attempt(question);
      return true;
    } catch (error) {
      if (signal.aborted && error === signal.reason) throw error;
      return false;
    }
  }

  /** Waits as for an answer of status 429, asking for a document now and then. @throws ForumRefuses */
  async function waitForPermission(question: Question<unknown>, failed: Unreadable): Promise<void> {
    const { part } = question;
    const { host: name } = new URL(question.address);
    const waits_ms = options.waits_ms();
    const begun_ms = performance.now();
    for (let at = 0; at < waits_ms.length;) {
      const wait_ms = waits_ms[at] ?? 0;
      note(`${name} refuses ${part} (${failed.message}); waiting ${Math.ceil(wait_ms / 1000)} s`);
      options.pause(question, wait_ms);
      try {
        await attempt(question);
        note(`${name} answers again`);
        stateOf(question).refusals++;
        return;
      } catch (error) {
        if (signal.aborted && error === signal.reason) throw error;
        const problem = error instanceof Unreadable ? null : transient(error);
        if (problem?.wait_ms) options.pause(question, problem.wait_ms);
        // A host that is not there does not refuse anything.
        if (!problem || problem.hasStatus) at++;
      }
    }
    const waited_s = Math.round((performance.now() - begun_ms) / 1000);
    const refused = new ForumRefuses(
      `${name} refuses ${part}: ${failed.message}; so it did for ${waited_s} s. Nothing is lost: run it again later`,
      part,
    );
    throw (stateOf(question).refused = refused);
  }

  return { stateOf, remember, wasRefused };
}
