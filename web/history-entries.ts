/**
 * The state in which the reader left each entry of the browser's history. Pure: scroll-restoration.ts observes the
 * page.
 */

export interface PageState {
  /** Vertical scroll position, in pixels. */
  top: number;
  /** Horizontal scroll position of each scrollable table, in pixels. */
  lefts: number[];
  /** Which of the page's tables are open. */
  opened: boolean[];
  /** The focused element: the n-th one with this link or name. */
  focused: { name: string; nth: number } | undefined;
}

/** Browsers keep this many entries of a history. */
const maxEntries = 50;

/** States by the key of their history entry, latest last; the oldest are dropped. */
export class HistoryEntries {
  readonly #entries: Map<string, PageState>;

  /** @param stored what `text` returned in an earlier page load; anything else is ignored */
  constructor(stored: string | null) {
    this.#entries = parsed(stored);
  }

  get(key: string): PageState | undefined {
    return this.#entries.get(key);
  }

  set(key: string, state: PageState): void {
    this.#entries.delete(key);
    this.#entries.set(key, state);
    for (const oldest of [...this.#entries.keys()].slice(0, -maxEntries)) this.#entries.delete(oldest);
  }

  text(): string {
    return JSON.stringify([...this.#entries]);
  }
}

function parsed(stored: string | null): Map<string, PageState> {
  try {
    return new Map(JSON.parse(stored ?? "[]") as [string, PageState][]);
  } catch {
    return new Map();
  }
}
