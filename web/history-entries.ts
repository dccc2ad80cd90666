/** Where the reader left each entry of the browser's history. Pure: scroll-restoration.ts observes the page. */

export interface Place {
  /** Pixels above the window. */
  top: number;
  /** How far each scrollable table is scrolled sideways, in pixels. */
  lefts: number[];
  /** Which of the page's tables are open. */
  opened: boolean[];
  /** The n-th element with this link or name. */
  focused: { name: string; nth: number } | undefined;
}

/** Browsers keep as many entries of a history. */
const most = 50;

/** Key of a history entry → place, the latest last; the oldest are dropped. */
export class Places {
  readonly #places: Map<string, Place>;

  /** @param stored what `text` gave in an earlier page load; anything else counts as nothing */
  constructor(stored: string | null) {
    this.#places = parsed(stored);
  }

  get(key: string): Place | undefined {
    return this.#places.get(key);
  }

  set(key: string, place: Place): void {
    this.#places.delete(key);
    this.#places.set(key, place);
    for (const oldest of [...this.#places.keys()].slice(0, -most)) this.#places.delete(oldest);
  }

  text(): string {
    return JSON.stringify([...this.#places]);
  }
}

function parsed(stored: string | null): Map<string, Place> {
  try {
    return new Map(JSON.parse(stored ?? "[]") as [string, Place][]);
  } catch {
    return new Map();
  }
}
